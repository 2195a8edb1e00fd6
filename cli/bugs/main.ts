import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { type Bag, type Bounds, huntsFor, huntsForNothing, huntsInTheDark } from './hunt.ts';
import { goOnAll } from './hunters.ts';
import { bugsPage } from './table.ts';

/**
 * `npm run bugs`: hunts for every planted bug, then tries the same words without one, and writes
 * `docs/bugs.md`. Ends with 1 when a bug got away or somebody innocent was convicted.
 *
 * `--only PATTERN` hunts for some (`raft`, `wal-`) and writes nothing; `--seeds`, `--seconds` and
 * `--workers` bound the search; `--correct N` is how many seeds are tried without a bug, and `--dark`
 * how many seconds are spent on a bug that an invariant convicts, to see whether its absence would matter.
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    seeds: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '60' },
    sample: { type: 'string', default: '40' },
    correct: { type: 'string', default: '100' },
    dark: { type: 'string', default: '15' },
    workers: { type: 'string', default: String(availableParallelism()) },
  },
});

const bounds: Bounds = {
  seeds: Number(values.seeds),
  seconds: Number(values.seconds),
  sample: Number(values.sample),
};
const workers = Number(values.workers);
const hunts = huntsFor(new RegExp(values.only ?? ''));
const bags = await goOnAll(hunts, { bounds, workers, onBag: say });
const darkBounds: Bounds = { seeds: bounds.seeds, seconds: Number(values.dark), sample: 1 };
const dark = await goOnAll(huntsInTheDark(bags), { bounds: darkBounds, workers, onBag: say });
const correct: Bounds = { seeds: Number(values.correct), seconds: Infinity, sample: Infinity };
const acquittals = await goOnAll(huntsForNothing(hunts), { bounds: correct, workers, onBag: say });
if (values.only === undefined) {
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
