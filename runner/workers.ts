import type { Cluster, Node } from '../core/cluster.ts';
import type { Clock } from '../core/clock.ts';
import type { OpEvent, Outcome } from '../core/event.ts';
import type { Draw } from '../core/generator.ts';
import type { Client, Settings, System } from '../core/system.ts';
import type { OpSource } from './op-source.ts';
import type { Recorder } from './recorder.ts';

/** The clients of a run: each worker is bound to a node and does one operation at a time. */
export interface Workers extends AsyncDisposable {
  /** Works a source off; resolves when every worker is through with it. */
  work(source: OpSource): Promise<void>;
}

export interface WorkersOptions {
  readonly cluster: Cluster;
  readonly system: System;
  readonly concurrency: number;
  readonly timeoutMs: number;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly recorder: Recorder;
}

interface Worker {
  readonly index: number;
  readonly node: Node;
  /** Changes when an operation ends with an unknown outcome: a process with one never comes back. */
  process: number;
  client: Client | undefined;
  failuresInRow: number;
}

export function workersOf(options: WorkersOptions): Workers {
  const { cluster, concurrency } = options;
  const workers = Array.from({ length: concurrency }, (_, index): Worker => {
    const node = cluster.nodes[index % cluster.nodes.length] as Node;
    return { index, node, process: index, client: undefined, failuresInRow: 0 };
  });
  return {
    async work(source) {
      await Promise.all(workers.map((worker) => workOff(worker, source, options)));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(workers.map((worker) => dropClient(worker)));
    },
  };
}

async function workOff(worker: Worker, source: OpSource, options: WorkersOptions): Promise<void> {
  for (;;) {
    const draw = await source.take(worker.index);
    if (draw === null) return;
    const outcome = await perform(worker, draw, source, options);
    worker.failuresInRow = outcome.phase === 'ok' ? 0 : worker.failuresInRow + 1;
    const delayMs = pauseMs(worker.failuresInRow);
    if (delayMs > 0) await options.clock.sleep(delayMs);
  }
}

/** A node that refuses at once would otherwise be asked thousands of times a second. */
function pauseMs(failuresInRow: number): number {
  return failuresInRow < 3 ? 0 : Math.min(200, 5 * 2 ** (failuresInRow - 3));
}

async function perform(
  worker: Worker,
  draw: Draw,
  source: OpSource,
  options: WorkersOptions,
): Promise<Outcome> {
  const { recorder, concurrency } = options;
  const { op, key, value } = draw.op;
  const common = {
    process: worker.process,
    op,
    ...(key === undefined ? {} : { key }),
    node: worker.node.id,
  };
  const due = draw.dueNs === undefined ? {} : { dueNs: Math.round(draw.dueNs) };
  source.update(recorder.op({ ...common, phase: 'invoke', value, ...due }));

  const outcome = await invoke(worker, draw, options);
  const result: Omit<OpEvent, 'index' | 'timeNs'> =
    outcome.phase === 'ok'
      ? { ...common, phase: 'ok', value: outcome.value }
      : { ...common, phase: outcome.phase, value, error: outcome.error };
  if (outcome.phase === 'info') {
    worker.process += concurrency;
    await dropClient(worker);
  }
  source.update(recorder.op(result));
  return outcome;
}

async function invoke(
  worker: Worker,
  draw: Draw,
  { system, settings, timeoutMs, clock }: WorkersOptions,
): Promise<Outcome> {
  const name = `worker ${worker.index}`;
  try {
    worker.client ??= await system.connect(worker.node, { timeoutMs, settings, clock, name });
  } catch (error) {
    return { phase: 'fail', error: `not connected: ${messageOf(error)}` };
  }
  const { client } = worker;
  // Clients keep their own deadline. Should one forget, the run must go on all the same.
  let callOff = (): void => undefined;
  try {
    return await new Promise<Outcome>((resolve, reject) => {
      const forgot: Outcome = { phase: 'info', error: 'the client kept no deadline' };
      callOff = clock.after(2 * timeoutMs + 1000, () => resolve(forgot));
      client.invoke(draw.op).then(resolve, reject);
    });
  } catch (error) {
    return { phase: 'info', error: `the client broke: ${messageOf(error)}` };
  } finally {
    callOff();
  }
}

async function dropClient(worker: Worker): Promise<void> {
  const { client } = worker;
  worker.client = undefined;
  try {
    await client?.[Symbol.asyncDispose]();
  } catch {
    // A client that cannot even close was broken before; its outcome has been recorded.
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
