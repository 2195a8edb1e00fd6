import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { System, WorldOptions } from '../core/system.ts';

/** Rejects, with the remedy, where a system cannot be started in this world with what is wanted of it. */
export async function refuseImpossible({ system, linkFaults }: WorldOptions): Promise<void> {
  if (linkFaults && system.launch.sharesAddresses === true) {
    throw new Error(
      `expected links that may lead through proxies, but the nodes of ${system.name} have to know each ` +
        'other by the same addresses; use --world docker, or faults that leave links alone',
    );
  }
  await expectProgram(system);
}

async function expectProgram({ name, launch: { program } }: System): Promise<void> {
  if (program === undefined) return;
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const folder of folders) if (await isProgram(join(folder, program.name))) return;
  throw new Error(
    `expected the program ${program.name} of ${name} in a folder of PATH, it is in none. ${program.remedy}`,
  );
}

function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
