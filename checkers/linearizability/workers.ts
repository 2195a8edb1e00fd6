import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import type { Model, ModelOrigin } from '../models/model.ts';
import { modelNamed } from '../models/index.ts';
import { type Crew, type Job, deciderFor, decideNow } from './crew.ts';
import type { Decision } from './decider.ts';
import { type TimedOperation, listOf, operationsFrom } from './operations.ts';

/** Marks the threads that are ours: this file is also what they run. */
const role = 'dtest-linearizability';

interface Assignment {
  readonly role: typeof role;
  readonly origin: ModelOrigin;
}

/** A job as it is sent: columns that make operations when asked cannot be. */
type JobMessage = Omit<Job, 'operations'> & { readonly operations: readonly TimedOperation[] };

/** A thread's answer to a job. */
type Answer =
  | { readonly kind: 'decision'; readonly decision: Decision }
  | { readonly kind: 'failure'; readonly message: string };

/**
 * Spreads jobs over worker threads, each taking the next job when it is done with one. A model cannot
 * be sent to a thread, so the thread makes it again from its origin. Aborting ends the threads at once,
 * in the middle of whatever they do.
 */
export function createCrewOfThreads(origin: ModelOrigin, threads: number): Crew {
  const assignment: Assignment = { role, origin };
  const workers = Array.from(
    { length: threads },
    () => new Worker(new URL(import.meta.url), { workerData: assignment }),
  );
  const dismiss = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker.terminate()));
  };
  return {
    dismiss,
    async decide(jobs, report, signal) {
      const left = jobs.values();
      const aborted = Promise.withResolvers<null>();
      const stop = (): void => aborted.resolve(null);
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
      const shift = async (worker: Worker): Promise<void> => {
        for (const job of left) {
          const decision = await Promise.race([decideIn(worker, job), aborted.promise]);
          if (decision === null) return;
          report(job, decision);
        }
      };
      try {
        await Promise.all(workers.map(shift));
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },
  };
}

/** Rejects when the thread fails on the job or dies under it. */
function decideIn(worker: Worker, job: Job): Promise<Decision> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
    };
    const onMessage = (answer: Answer): void => {
      settle();
      if (answer.kind === 'decision') resolve(answer.decision);
      else reject(new Error(answer.message));
    };
    const onError = (cause: Error): void => {
      settle();
      reject(new Error(`a checker thread failed: ${cause.message}`, { cause }));
    };
    const onExit = (code: number): void => {
      settle();
      reject(new Error(`a checker thread ended (code ${code}) before it answered`));
    };
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    const message: JobMessage = { ...job, operations: listOf(job.operations) };
    worker.postMessage(message);
  });
}

function isAssignment(data: unknown): data is Assignment {
  return typeof data === 'object' && data !== null && 'role' in data && data.role === role;
}

if (!isMainThread && isAssignment(workerData)) {
  const { name, init } = workerData.origin;
  const model = modelNamed(name, init === undefined ? {} : { init });
  parentPort?.on('message', (job: JobMessage) => {
    parentPort?.postMessage(
      answerTo(model, { ...job, operations: operationsFrom(job.operations) }),
    );
  });
}

function answerTo(model: Model, job: Job): Answer {
  try {
    const decider = deciderFor(model, job);
    if (decider === null) throw new Error(`expected a job to search, got one for monitors alone`);
    return { kind: 'decision', decision: decideNow(decider, job.maxSteps) };
  } catch (error) {
    return { kind: 'failure', message: error instanceof Error ? error.message : String(error) };
  }
}
