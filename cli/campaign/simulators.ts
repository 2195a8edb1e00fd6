import { Worker } from 'node:worker_threads';
import type { Json } from '../../core/json.ts';
import type { Plan } from '../../core/run.ts';
import { extension } from '../package-root.ts';
import { type Digest, crashDigest, overdueDigest } from './digest.ts';
import type { Answer, Task } from './thread.ts';

/** Real time that one run may take. A run of a minute takes a fraction of a second. */
const deadlineMs = 120_000;

/** Megabytes of heap for one thread: a run needs some tens. */
const heapMb = 1024;

export interface SimulationJob {
  /** Of the sim world. */
  readonly plan: Plan;
}

export interface ManyOptions<Job> {
  /** Threads; 1 or more. */
  readonly workers: number;
  /** Aborted: nothing more is begun; what is under way is finished. */
  readonly signal?: AbortSignal;
  /** Told of every run as it ends, in that order; `wallMs` is real time. */
  readonly onResult: (job: Job, digest: Digest, wallMs: number) => void;
}

/**
 * Simulates and judges many runs in threads of their own, and keeps nothing of them. Jobs are taken from
 * the iterable as threads become free, so it may be endless, and may look at what came back so far.
 * A run that throws, ends its thread or never ends has an outcome too; this rejects only when `jobs` or
 * `onResult` throws.
 */
export async function simulateMany<Job extends SimulationJob>(
  jobs: Iterable<Job>,
  { workers, ...options }: ManyOptions<Job>,
): Promise<void> {
  await using crew = simulators(workers);
  await crew.simulateAll(jobs, options);
}

/** Threads that simulate, until they are disposed. */
export interface Simulators extends AsyncDisposable {
  simulateAll<Job extends SimulationJob>(
    jobs: Iterable<Job>,
    options: Omit<ManyOptions<Job>, 'workers'>,
  ): Promise<void>;
  /** Runs a plan again and saves the whole of it, as `dtest run` would. */
  save(plan: Plan, store: string, facts: Readonly<Record<string, Json>>): Promise<Saved>;
}

export interface Saved {
  /** Null when it could not be saved. */
  readonly path: string | null;
  /** The kind of failure that it showed this time, if any. */
  readonly failure: string | null;
  readonly problems: readonly string[];
}

export function simulators(workers: number): Simulators {
  const threads = Array.from({ length: workers }, () => thread());
  const idle = [...threads];
  const waiting: ((free: Thread) => void)[] = [];
  const acquire = (): Promise<Thread> => {
    const free = idle.pop();
    return free === undefined
      ? new Promise((resolve) => waiting.push(resolve))
      : Promise.resolve(free);
  };
  const release = (free: Thread): void => {
    const next = waiting.shift();
    if (next === undefined) idle.push(free);
    else next(free);
  };
  const ask = async (task: Task): Promise<Reply> => {
    const own = await acquire();
    try {
      return await own.ask(task);
    } finally {
      release(own);
    }
  };
  return {
    async simulateAll(jobs, { signal, onResult }) {
      const left = jobs[Symbol.iterator]();
      const broken = new AbortController();
      const isOver = (): boolean => broken.signal.aborted || signal?.aborted === true;
      const shift = async (): Promise<void> => {
        while (!isOver()) {
          const next = left.next();
          if (next.done === true) return;
          const { answer, wallMs } = await ask({ kind: 'simulate', plan: next.value.plan });
          if (!broken.signal.aborted) onResult(next.value, digestIn(answer), wallMs);
        }
      };
      const stop = (error: unknown): never => {
        broken.abort();
        throw error;
      };
      await Promise.all(threads.map(() => shift().catch(stop)));
    },
    async save(plan, store, facts) {
      const { answer } = await ask({ kind: 'save', plan, store, facts });
      if (answer.kind === 'saved') return answer;
      return {
        path: null,
        failure: null,
        problems: [`a run could not be saved: ${lossOf(answer)}`],
      };
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(threads.map((each) => each.end()));
    },
  };
}

/** What came of a task: the thread's own answer, or what became of the thread. */
type Outcome =
  Answer | { readonly kind: 'died'; readonly error: Error } | { readonly kind: 'overdue' };

interface Reply {
  readonly answer: Outcome;
  readonly wallMs: number;
}

interface Thread {
  ask(task: Task): Promise<Reply>;
  end(): Promise<void>;
}

function digestIn(answer: Outcome): Digest {
  if (answer.kind === 'simulated') return answer.digest;
  if (answer.kind === 'overdue') return overdueDigest(deadlineMs);
  return crashDigest(answer.kind === 'died' ? answer.error : new Error(lossOf(answer)));
}

function lossOf(answer: Outcome): string {
  if (answer.kind === 'unsaved') return answer.message;
  if (answer.kind === 'overdue') return `no end within ${deadlineMs / 1000} s`;
  return answer.kind === 'died'
    ? answer.error.message
    : `expected another answer, got ${answer.kind}`;
}

/** One thread at a time, replaced when it dies or must be ended. */
function thread(): Thread {
  let worker: Worker | null = null;
  const end = async (): Promise<void> => {
    const own = worker;
    worker = null;
    await own?.terminate();
  };
  return {
    end,
    async ask(task) {
      const startMs = performance.now();
      worker ??= new Worker(new URL(`./thread.${extension}`, import.meta.url), {
        resourceLimits: { maxOldGenerationSizeMb: heapMb },
      });
      const answer = await askWorker(worker, task);
      if (answer.kind === 'died' || answer.kind === 'overdue') await end();
      return { answer, wallMs: performance.now() - startMs };
    },
  };
}

function askWorker(worker: Worker, task: Task): Promise<Outcome> {
  return new Promise((resolve) => {
    const settle = (outcome: Outcome): void => {
      clearTimeout(deadline);
      worker.off('message', settle).off('error', onError).off('exit', onExit);
      resolve(outcome);
    };
    const onError = (error: Error): void => settle({ kind: 'died', error });
    const onExit = (code: number): void =>
      settle({
        kind: 'died',
        error: new Error(`the thread ended (code ${code}) before it answered`),
      });
    const deadline = setTimeout(() => settle({ kind: 'overdue' }), deadlineMs);
    worker.on('message', settle).on('error', onError).on('exit', onExit);
    worker.postMessage(task);
  });
}
