import { parseArgs } from 'node:util';
import { transactionComparisons } from '../transactions/testing/agreement.ts';
import { compareSeed, describeDisagreement, describeEvents, testedModels } from './agreement.ts';
import { compareMutated, compareTrue } from './mutated-agreement.ts';
import { mutations } from './mutations.ts';

/*
 * The long version of the tests that hold every algorithm against exhaustive search, and against each
 * other on longer histories: `npm run nightly -- --count 1000000 --models stack,set --seed 7`. Each night
 * has seeds of its own. It ends with 0, or with 1 and the smallest history on which they disagree.
 */

interface Night {
  readonly count: number;
  readonly seed: number;
  readonly models: readonly string[];
}

/** Models, and checkers of transactions, by the names that `--models` takes. */
const names: readonly string[] = [...testedModels(), ...Object.keys(transactionComparisons)];

/** Longer histories for each model and mutation, as a share of the small ones. */
const longShare = 1 / 1000;

const night = nightOf(process.argv.slice(2));
if (typeof night === 'string') {
  process.stderr.write(`${night}\n`);
  process.exitCode = 254;
} else process.exitCode = prove(night) ? 0 : 1;

function nightOf(words: readonly string[]): Night | string {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        count: { type: 'string', default: '100000' },
        seed: { type: 'string', default: String(Math.floor(Date.now() / 1000)) },
        models: { type: 'string', default: names.join() },
      },
    });
    const models = values.models.split(',');
    const unknown = models.find((name) => !names.includes(name));
    if (unknown !== undefined) {
      return `expected --models from ${names.join(',')}; got ${unknown}`;
    }
    const [count, seed] = [Number(values.count), Number(values.seed)];
    if (!Number.isInteger(count) || count < 1) {
      return `expected --count to be an integer of 1 or more, got ${values.count}`;
    }
    if (!Number.isSafeInteger(seed)) return `expected --seed to be an integer, got ${values.seed}`;
    return { count, seed, models };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function prove({ count, seed, models }: Night): boolean {
  say(`${count} small histories for each of ${models.length} models, from seed ${seed}`);
  for (const model of models) {
    const found = disagreementOn(model, { count, seed });
    if (found === null) continue;
    say(`\nDISAGREEMENT: ${found}`);
    say(`again: npm run nightly -- --models ${model} --seed ${seed} --count ${count}`);
    return false;
  }
  return true;
}

interface Seeds {
  readonly count: number;
  readonly seed: number;
}

function disagreementOn(name: string, seeds: Seeds): string | null {
  return name in transactionComparisons
    ? disagreementOnTransactions(name, seeds)
    : (disagreementOnSmall(name, seeds) ?? disagreementOnLong(name, seeds));
}

function disagreementOnTransactions(name: string, { count, seed }: Seeds): string | null {
  const compare = transactionComparisons[name];
  if (compare === undefined) throw new Error(`expected a comparison, got ${name}`);
  const answers = new Map<string, number>();
  for (let at = 0; at < count; at++) {
    const { events, answer, wrong } = compare(seed + at);
    if (wrong !== null) return `${name}, seed ${seed + at}: ${wrong}\n${describeEvents(events)}`;
    answers.set(answer, (answers.get(answer) ?? 0) + 1);
  }
  const told = [...answers].map(([answer, times]) => `${answer} ${times}`).join(', ');
  say(`${name.padEnd(16)} ${count} agree with all orders (${told})`);
  return null;
}

function disagreementOnSmall(model: string, { count, seed }: Seeds): string | null {
  const startMs = Date.now();
  let valid = 0;
  let monitored = 0;
  for (let at = 0; at < count; at++) {
    const comparison = compareSeed(model, seed + at);
    if (comparison.wrong.length > 0) return describeDisagreement(comparison);
    if (comparison.linearizable) valid++;
    if (comparison.monitored) monitored++;
    if (process.stderr.isTTY && at % 1000 === 0) process.stderr.write(`\r${model} ${at} `);
  }
  const share = (part: number): string => `${Math.round((100 * part) / count)} %`;
  const seconds = ((Date.now() - startMs) / 1000).toFixed(1);
  say(
    `\r${model.padEnd(16)} ${count} agree with exhaustive search in ${seconds} s ` +
      `(${share(valid)} valid, ${share(monitored)} by a monitor)`,
  );
  return null;
}

function disagreementOnLong(model: string, { count, seed }: Seeds): string | null {
  const longs = Math.ceil(count * longShare);
  let compared = 0;
  let unknown = 0;
  for (let at = 0; at < longs; at++) {
    const all = [null, ...mutations].map((mutation) => ({
      change: mutation?.name ?? 'nothing',
      comparison:
        mutation === null
          ? compareTrue(model, seed + at)
          : compareMutated(model, mutation, seed + at),
    }));
    for (const { change, comparison } of all) {
      if (comparison === null) continue;
      compared++;
      if (comparison.found.includes('unknown')) unknown++;
      if (comparison.agree) continue;
      const { events, found } = comparison;
      return `${model}, seed ${seed + at}, change: ${change}; found ${found.join(', ')}\n${describeEvents(events)}`;
    }
  }
  say(
    `${' '.repeat(16)} ${compared} long ones agree among themselves (${unknown} not all decided)`,
  );
  return null;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
