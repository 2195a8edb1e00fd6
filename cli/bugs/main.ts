import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { scriptFlags } from '../script-flags.ts';
import { type Bag, type Bounds, huntsFor, huntsForNothing, huntsInTheDark } from './hunt.ts';
import { goOnAll } from './hunters.ts';
import { bugsPage } from './table.ts';

const usage = `Usage: npm run bugs -- [flags]

Hunts for every planted bug, then tries the same words without one, and writes docs/bugs.md. Ends with
1 when a bug got away or somebody innocent was convicted.
  --only PATTERN    hunt for some (raft, wal-) and write nothing
  --seeds N         seeds for each bug; default 1000
  --seconds N       of CPU for each bug; default 60
  --sample N        seeds from which the share of convictions is taken; default 40
  --correct N       seeds without a bug; default 100
  --dark N          seconds for a bug that an invariant convicts, without invariants; default 15
  --workers N       threads; default one for each core
`;

const { only, workers, ...flags } = scriptFlags(usage, {
  ...{ only: '', seeds: 1000, seconds: 60, sample: 40, correct: 100, dark: 15 },
  workers: availableParallelism(),
});

const { seeds, seconds, sample } = flags;
const bounds: Bounds = { seeds, seconds, sample };
const hunts = huntsFor(new RegExp(only));
const bags = await goOnAll(hunts, { bounds, workers, onBag: say });
const darkBounds: Bounds = { seeds, seconds: flags.dark, sample: 1 };
const dark = await goOnAll(huntsInTheDark(bags), { bounds: darkBounds, workers, onBag: say });
const correct: Bounds = { seeds: flags.correct, seconds: Infinity, sample: Infinity };
const acquittals = await goOnAll(huntsForNothing(hunts), { bounds: correct, workers, onBag: say });
if (only === '') {
  await writeFile('docs/bugs.md', bugsPage({ bags, dark, acquittals }, bounds, darkBounds));
}
const isRight = bags.every(({ first }) => first !== null) && acquittals.every(isClear);
process.exitCode = isRight ? 0 : 1;

function isClear({ invalid, broken }: Bag): boolean {
  return invalid + broken === 0;
}

function say(bag: Bag): void {
  const { hunt, seeds, invalid, unknown, broken, breakdown, seconds, first } = bag;
  const isBlind = hunt.isBlind === true;
  const isAsWanted = hunt.bug === null ? isClear(bag) : isBlind || first !== null;
  const about = `${String(invalid)} invalid and ${String(unknown)} unknown of ${String(seeds)} seeds in ${seconds.toFixed(1)} s`;
  const why = first === null ? '' : `; seed ${String(first.seed)}: ${first.reason.slice(0, 200)}`;
  const trouble = breakdown === null ? '' : `; ${String(broken)} broke down, ${breakdown}`;
  const sight = isBlind ? ', blind' : '';
  const what = `${hunt.bug ?? `nothing: ${hunt.words.join(' ')}`}${sight}`;
  process.stdout.write(
    `${isAsWanted ? '✓' : '✗'} ${hunt.system} ${what}: ${about}${why}${trouble}\n`,
  );
}
