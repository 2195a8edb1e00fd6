import { describeMachine, thisMachine } from '../machine.ts';
import { compileLate } from '../../cli/compile-late.ts';
import { scriptFlags } from '../../cli/script-flags.ts';
import { simulate } from '../../cli/simulate.ts';
import { idle } from './idle.ts';
import { type Figures, eventsPerSecond, measure } from './measure.ts';
import { memoryOver } from './memory.ts';
import { planFor } from './plans.ts';
import { sharesOf } from './shares.ts';

const seedsFrom = (count: number, first = 1): number[] =>
  Array.from({ length: count }, (_, at) => first + at);

const usage = `Usage: npm run bench:sim -- [flags]

What simulated runs cost, where the time goes, and how it grows: some two minutes.
  --runs N        that the first figures are the median of; default 50
  --warm-up N     runs before them, until V8 has compiled what they need; default 60
`;

async function main(): Promise<void> {
  const { runs, 'warm-up': warmUp } = scriptFlags(usage, { runs: 50, 'warm-up': 60 }, ['runs']);
  // As the command line does.
  compileLate();
  say(`${describeMachine(thisMachine())}\n`);
  const goal = await measure(
    seedsFrom(warmUp + runs).map((seed) => planFor(seed)),
    warmUp,
  );
  say(headline(goal));
  say('\nWhere the time goes\n');
  const shares = await sharesOf(async () => {
    for (const seed of seedsFrom(30)) await simulate(planFor(seed));
  });
  for (const [part, share] of shares) say(`  ${percent(share)}  ${part}`);
  say('\nBy nodes and operations a second (60 virtual seconds)\n');
  await sayTable();
  say('\nWith nobody asking for anything\n');
  for (const system of ['raft', 'paxos']) say(await idleLine(system));
  say('\nMemory over 1,000 runs of 5 virtual seconds in one process\n');
  for (const { runs, heapMb } of await memoryOver(1000)) say(`  ${runs} runs: ${heapMb} MB`);
}

function headline(figures: Figures): string {
  const { cpuMs, leastCpuMs, events, operations, virtualMs, runs } = figures;
  return [
    `raft, 5 nodes, 10 clients, ${Math.round(operations)} operations, partition, kill and pause`,
    `  ${cpuMs.toFixed(0)} ms CPU a run (median of ${runs}; least ${leastCpuMs.toFixed(0)} ms)`,
    `  ${count(eventsPerSecond(figures))} events a second, ${count(events)} a run`,
    `  ${count(virtualMs / cpuMs)} times real time, ${count(3.6e6 / cpuMs)} seeds an hour and core`,
  ].join('\n');
}

const rates = [0, 17, 100, 500];

async function sayTable(): Promise<void> {
  const heads = rates.map((rate) => (rate === 0 ? 'closed loop' : `${rate}/s`));
  say(`  nodes  ${heads.map((head) => head.padStart(24)).join('')}`);
  for (const nodes of [3, 5, 7, 25]) {
    const cells = [];
    for (const rate of rates) {
      // A closed loop of ten clients does some thousand operations a second: a tenth of the time is plenty.
      const time = rate === 0 ? '6s' : '60s';
      const plans = seedsFrom(nodes > 7 ? 3 : 5).map((seed) =>
        planFor(seed, { nodes, rate, time }),
      );
      const figures = await measure(plans, 1);
      const scaled = figures.cpuMs * (rate === 0 ? 10 : 1);
      cells.push(`${scaled.toFixed(0)} ms ${count(eventsPerSecond(figures))} ev/s`.padStart(24));
    }
    say(`  ${String(nodes).padStart(5)}  ${cells.join('')}`);
  }
}

async function idleLine(system: string): Promise<string> {
  const { eventsPerVirtualSecond, cpuMs } = await idle(system, 5, 600);
  const minute = (cpuMs / 10).toFixed(1);
  return `  ${system}, 5 nodes: ${eventsPerVirtualSecond.toFixed(0)} events a virtual second, ${minute} ms a virtual minute`;
}

function count(value: number): string {
  const digits = value < 10_000 ? 0 : -3;
  return (Math.round(value * 10 ** digits) / 10 ** digits).toLocaleString('en');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`.padStart(7);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main();
