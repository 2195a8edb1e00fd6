import { availableParallelism } from 'node:os';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { LoadJob, NodeAddresses, Order, Report, ThreadJob, ThreadSummary } from './job.ts';
import { journalFileOf } from './journal/codes.ts';
import type { Columns } from './journal/columns.ts';
import { decodeJournals } from './journal/decoder.ts';

/** The threads that generate load, warm from one round to the next. */
export interface LoadGenerator extends AsyncDisposable {
  readonly threads: number;
  /** Connects the clients and puts the keys in place. Times are of the clock that begins at the epoch. */
  prepare(job: LoadJob, epochNs: bigint): Promise<void>;
  /** Resolves when the last operation has ended. */
  go(fromNs: number, untilNs: number): Promise<Generated>;
  /** Where the nodes are now. */
  moveTo(nodes: readonly NodeAddresses[]): void;
  /** Ends the round early; `prepare` or `go` resolve as soon as what is under way has ended. */
  stop(): void;
  /** Operations of this round so far. */
  readonly tally: { readonly ok: number; readonly errors: number };
}

/** What a round left behind. */
export interface Generated {
  readonly threads: readonly ThreadSummary[];
  readonly columns: Columns;
}

/** A quarter of the cores: the system that is measured is often on the same machine. */
export function usualThreads(): number {
  return Math.max(1, Math.min(8, Math.floor(availableParallelism() / 4)));
}

export function loadGenerator(count: number): LoadGenerator {
  const crew = Array.from({ length: count }, () => loadThread());
  let current: LoadJob | null = null;
  const all = (order: Order): void => {
    for (const { tell } of crew) tell(order);
  };
  /** Every thread's answer; the first that fails ends the round for all. */
  const answers = async <Kind extends Report['kind']>(
    kind: Kind,
  ): Promise<(Report & { readonly kind: Kind })[]> => {
    const awaited = crew.map(({ answer }) => answer(kind));
    try {
      return await Promise.all(awaited);
    } catch (error) {
      all({ kind: 'stop' });
      throw error;
    }
  };
  return {
    threads: count,
    async prepare(job, epochNs) {
      current = job;
      const keyCount = new SharedArrayBuffer(4);
      new Int32Array(keyCount)[0] = job.keys.count;
      const own = { ...job, threads: count, epochNs, keyCount };
      for (const [thread, { tell, tally }] of crew.entries()) {
        Object.assign(tally, { ok: 0, errors: 0 });
        tell({ kind: 'prepare', job: { ...own, thread } satisfies ThreadJob });
      }
      await answers('prepared');
    },
    async go(fromNs, untilNs) {
      all({ kind: 'go', fromNs, untilNs });
      const threads = (await answers('done')).map(({ summary }) => summary);
      return { threads, columns: decodeJournals(await journalsOf(current, threads)) };
    },
    moveTo: (nodes) => all({ kind: 'addresses', nodes }),
    stop: () => all({ kind: 'stop' }),
    get tally() {
      const sum = { ok: 0, errors: 0 };
      for (const { tally } of crew) {
        sum.ok += tally.ok;
        sum.errors += tally.errors;
      }
      return sum;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(crew.map(({ end }) => end()));
    },
  };
}

async function journalsOf(
  job: LoadJob | null,
  threads: readonly ThreadSummary[],
): Promise<Uint8Array[]> {
  const folder = job?.journalFolder ?? null;
  if (folder !== null) {
    return Promise.all(threads.map((_, thread) => readFile(join(folder, journalFileOf(thread)))));
  }
  return threads.map(({ journal }) => Buffer.concat(journal ?? []));
}

interface LoadThread {
  readonly tell: (order: Order) => void;
  /** The next report of this kind; rejects when the thread says that it failed, or ends. */
  readonly answer: <Kind extends Report['kind']>(
    kind: Kind,
  ) => Promise<Report & { readonly kind: Kind }>;
  readonly tally: { ok: number; errors: number };
  readonly end: () => Promise<void>;
}

/** Threads are TypeScript where this module is, and built where it is. */
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

function loadThread(): LoadThread {
  const worker = new Worker(new URL(`./thread/main.${extension}`, import.meta.url));
  const tally = { ok: 0, errors: 0 };
  let broken: Error | null = null;
  let awaiting: { kind: string; resolve(report: Report): void; reject(error: Error): void } | null =
    null;
  const breakOff = (error: Error): void => {
    broken = error;
    awaiting?.reject(error);
    awaiting = null;
  };
  worker.on('message', (report: Report) => {
    if (report.kind === 'progress') Object.assign(tally, { ok: report.ok, errors: report.errors });
    else if (report.kind === 'failed') breakOff(new Error(report.message));
    else if (awaiting?.kind === report.kind) {
      awaiting.resolve(report);
      awaiting = null;
    }
  });
  worker.on('error', breakOff);
  worker.on('exit', (code) =>
    breakOff(new Error(`expected a thread of load to go on, but it ended with code ${code}`)),
  );
  return {
    tally,
    tell(order) {
      if (order.kind === 'prepare') broken = null;
      worker.postMessage(order);
    },
    answer: (kind) =>
      new Promise((resolve, reject) => {
        if (broken === null)
          awaiting = { kind, resolve: resolve as (report: Report) => void, reject };
        else reject(broken);
      }),
    async end() {
      worker.removeAllListeners('exit');
      await worker.terminate();
    },
  };
}
