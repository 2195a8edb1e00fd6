import type { World } from '../../core/system.ts';
import { nullSystems } from '../../load/null/index.ts';
import { nullWorld } from '../../load/null/null-world.ts';
import { loadWorld } from '../worlds.ts';

/** Systems that do nothing are measured for the generator's sake, on this machine, whatever the world. */
export function isIdle({ system }: { readonly system: string }): boolean {
  return Object.hasOwn(nullSystems, system);
}

/** Where a system runs: `null` nowhere, `loopback` in a process of this machine, all others in the world chosen. */
export function worldOf(system: string, chosen: World): Promise<World> {
  if (!isIdle({ system })) return Promise.resolve(chosen);
  return system === 'null' ? Promise.resolve(nullWorld) : loadWorld('local');
}
