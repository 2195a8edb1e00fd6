import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { huntsFor } from '../../cli/bugs/hunt.ts';
import { rngOf } from '../../core/rng.ts';
import { type ShrunkBug, shrinkBug } from './shrink-bug.ts';
import { shrinkTable } from './table.ts';

/**
 * `npm run bench:shrink`: shrinks the first conviction of every planted bug and writes the table of
 * `docs/shrink.md`. In an order of its own, so that what `--minutes` cuts off leaves a fair sample.
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    seeds: { type: 'string', default: '300' },
    runs: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '30' },
    minutes: { type: 'string', default: '60' },
    page: { type: 'string', default: 'docs/shrink.md' },
  },
});

const effort = {
  seeds: Number(values.seeds),
  runs: Number(values.runs),
  seconds: Number(values.seconds),
};
const endMs = performance.now() + 60_000 * Number(values.minutes);
const shrunk: ShrunkBug[] = [];
const hunts = rngOf(1, 'order').shuffle(huntsFor(new RegExp(values.only)));
for (const hunt of hunts) {
  if (performance.now() > endMs) break;
  const found = await shrinkBug(hunt, effort);
  const about = `${hunt.system} ${hunt.bug ?? ''}`;
  if (typeof found === 'string') say(`${about}: ${found}`);
  else {
    shrunk.push(found);
    const { before, after, runs, seconds } = found;
    say(
      `${about}: ${before.operations} → ${after.operations} operations, ${before.faults} → ${after.faults} faults in ${runs} runs, ${seconds.toFixed(1)} s`,
    );
  }
  await writeTable();
}

/** Between two marks; what stands around them is written by hand. */
async function writeTable(): Promise<void> {
  const page = await readFile(values.page, 'utf8');
  const marks = /(<!-- table -->\n)[^]*(<!-- end of table -->)/u;
  if (!marks.test(page)) throw new Error(`expected ${values.page} to have marks for the table`);
  const words = `${effort.runs} runs or ${effort.seconds} s of CPU`;
  const table = shrinkTable(shrunk, words);
  await writeFile(
    values.page,
    page.replace(marks, (_, begin, end) => `${String(begin)}\n${table}\n\n${String(end)}`),
  );
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
