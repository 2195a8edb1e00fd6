import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { NodeLog } from '../../checkers/log-patterns.ts';

/** The logs of the nodes that lie beside a run's history, `nodes/<id>/*.log`; none where there are none. */
export function* logsBeside(historyPath: string): Generator<NodeLog> {
  const folder = join(dirname(historyPath), 'nodes');
  if (!existsSync(folder)) return;
  for (const node of readdirSync(folder).sort()) {
    for (const file of filesOf(join(folder, node))) {
      // A log may hold any bytes, and the runner keeps no more than its last mebibyte.
      yield { node, file: basename(file), lines: readFileSync(file, 'utf8').split('\n') };
    }
  }
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.log'))
    .map((entry) => join(folder, entry.name))
    .sort();
}
