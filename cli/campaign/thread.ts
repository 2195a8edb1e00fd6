import { parentPort } from 'node:worker_threads';
import type { Json } from '../../core/json.ts';
import type { Plan } from '../../core/run.ts';
import { failureKindOf } from '../../runner/failure-kind.ts';
import { messageOf } from '../failure.ts';
import { simulate } from '../simulate.ts';
import { type Digest, crashDigest, digestOf } from './digest.ts';

/** What a thread is asked to do, one thing at a time. */
export type Task =
  | { readonly kind: 'simulate'; readonly plan: Plan }
  /** The same as `dtest run` with this plan: the whole run goes into the store. */
  | {
      readonly kind: 'save';
      readonly plan: Plan;
      readonly store: string;
      readonly facts: Readonly<Record<string, Json>>;
    };

export type Answer =
  | { readonly kind: 'simulated'; readonly digest: Digest }
  | {
      readonly kind: 'saved';
      readonly path: string;
      /** The kind of failure, if it failed. */
      readonly failure: string | null;
      readonly problems: readonly string[];
    }
  | { readonly kind: 'unsaved'; readonly message: string };

parentPort?.on('message', (task: Task) => {
  void answerTo(task).then((answer) => parentPort?.postMessage(answer));
});

function answerTo(task: Task): Promise<Answer> {
  return task.kind === 'simulate' ? simulated(task.plan) : saved(task);
}

async function simulated(plan: Plan): Promise<Answer> {
  const thrown: string[] = [];
  const onLog = (_: string, log: string): Promise<void> => {
    thrown.push(...thrownIn(log));
    return Promise.resolve();
  };
  try {
    const run = await simulate(plan, { watcher: { onLog } });
    return { kind: 'simulated', digest: digestOf(run, thrown[0] ?? null) };
  } catch (error) {
    return { kind: 'simulated', digest: crashDigest(thrown[0] ?? error) };
  }
}

/** A node that threw is dead for its cluster, which may go on without it; its log alone tells. */
function thrownIn(log: string): readonly string[] {
  const [, words] = /the protocol threw: ([^]*?)(?:; input: |\n\d+\.\d+ |$)/u.exec(log) ?? [];
  return words === undefined ? [] : [words];
}

async function saved({ plan, store, facts }: Task & { readonly kind: 'save' }): Promise<Answer> {
  // Loaded when first wanted: what draws reports costs a second, and most threads never save.
  const { BrokenOff, executeRun } = await import('../execute-run.ts');
  const { simulatedWorld } = await import('../../simulator/world.ts');
  try {
    const request = { plan, world: simulatedWorld(), store, keep: false, facts };
    const { run, folder, reportProblems } = await executeRun(request, {});
    const failure = failureKindOf(run.results.verdict)?.signature ?? null;
    return { kind: 'saved', path: folder.path, failure, problems: reportProblems };
  } catch (error) {
    if (!(error instanceof BrokenOff)) return { kind: 'unsaved', message: messageOf(error) };
    return { kind: 'saved', path: error.path, failure: null, problems: [] };
  }
}
