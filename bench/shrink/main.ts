import { readFile, writeFile } from 'node:fs/promises';
import { huntsFor } from '../../cli/bugs/hunt.ts';
import { scriptFlags } from '../../cli/script-flags.ts';
import { rngOf } from '../../core/rng.ts';
import { type ShrunkBug, shrinkBug } from './shrink-bug.ts';
import { shrinkTable } from './table.ts';

const usage = `Usage: npm run bench:shrink -- [flags]

Shrinks the first conviction of every planted bug and writes the table of docs/shrink.md, in an order
of its own, so that what --minutes cuts off leaves a fair sample.
  --only PATTERN    some of the bugs
  --seeds N         seeds to look for a conviction; default 300
  --runs N          to shrink one with; default 1000
  --seconds N       of CPU to shrink one in; default 30
  --minutes N       for all; default 60
  --page FILE       with marks for the table; default docs/shrink.md
`;

const { only, page, minutes, ...effort } = scriptFlags(usage, {
  ...{ only: '', seeds: 300, runs: 1000, seconds: 30, minutes: 60, page: 'docs/shrink.md' },
});
const endMs = performance.now() + 60_000 * minutes;
const shrunk: ShrunkBug[] = [];
const hunts = rngOf(1, 'order').shuffle(huntsFor(new RegExp(only)));
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
  const before = await readFile(page, 'utf8');
  const marks = /(<!-- table -->\n)[^]*(<!-- end of table -->)/u;
  if (!marks.test(before)) throw new Error(`expected ${page} to have marks for the table`);
  const words = `${effort.runs} runs or ${effort.seconds} s of CPU`;
  const table = shrinkTable(shrunk, words);
  await writeFile(
    page,
    before.replace(marks, (_, begin, end) => `${String(begin)}\n${table}\n\n${String(end)}`),
  );
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
