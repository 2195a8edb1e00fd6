import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scriptFlags } from '../../cli/script-flags.ts';
import { textTable } from '../../reports/text-table.ts';
import { median } from '../statistics.ts';
import { type Pair, startPair } from './pair.ts';

const usage = `Usage: npm run bench:load -- [flags]

dtest's load generator beside redis-benchmark, on one Redis server, in turn: operations a second with as
many clients, each with one operation at a time. dtest's journal is on. Ends with 1 where it does less
than 0.7 of what redis-benchmark does.
  --rounds N      for each number of clients; default 5
  --seconds N     that each of the two has in a round; default 3
`;

const clientCounts = [1, 16, 50, 64, 256];
const goal = 0.7;

const { rounds, seconds } = scriptFlags(usage, { rounds: 5, seconds: 3 }, ['rounds', 'seconds']);

interface Row {
  readonly clients: number;
  readonly dtest: readonly number[];
  readonly redis: readonly number[];
  readonly cpuUs: readonly number[];
}

const folder = await mkdtemp(join(tmpdir(), 'dtest-bench-load-'));
const rows: Row[] = [];
try {
  await using pair = await startPair(folder);
  for (const clients of clientCounts) rows.push(await rowFor(pair, clients));
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.stdout.write(`${tableOf(rows)}\n`);
const missed = rows.filter((row) => ratioOf(row) < goal);
process.stdout.write(
  missed.length === 0
    ? `the goal of ${goal} is met everywhere\n`
    : `the goal of ${goal} is missed with ${missed.map(({ clients }) => clients).join(', ')} clients\n`,
);
process.exitCode = missed.length === 0 ? 0 : 1;

/** Round by round one after the other, so that what else goes on here hits both. */
async function rowFor(pair: Pair, clients: number): Promise<Row> {
  const row = { clients, dtest: [] as number[], redis: [] as number[], cpuUs: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    row.redis.push(await pair.redisBenchmark(clients, seconds));
    const { throughput, cpuUs } = await pair.dtest(clients, seconds);
    row.dtest.push(throughput);
    row.cpuUs.push(cpuUs);
    process.stderr.write(`${clients} clients, round ${round + 1}/${rounds}\n`);
  }
  return row;
}

/** Of each round's two figures; the rounds differ more from each other than the two in one. */
function ratioOf({ dtest, redis }: Row): number {
  return median(dtest.map((each, round) => each / (redis[round] ?? NaN)));
}

function tableOf(all: readonly Row[]): string {
  const count = (value: number): string => Math.round(value).toLocaleString('en-US');
  const columns = ['clients', 'dtest ops/s', 'redis-benchmark ops/s', 'ratio', 'CPU µs/op'];
  return textTable(
    columns.map((title) => ({ title, right: true })),
    all.map((row) => [
      String(row.clients),
      count(median(row.dtest)),
      count(median(row.redis)),
      ratioOf(row).toFixed(2),
      median(row.cpuUs).toFixed(1),
    ]),
  );
}
