import type { Outcome } from '../../core/event.ts';
import type { LoadClient, LoadClientOptions, LoadTarget } from '../../core/load-client.ts';
import type { Node } from '../../core/cluster.ts';
import type { Client, System } from '../../core/system.ts';

/** A client for load: the system's own where it has a lean one, else one around what `connect` gives. */
export function loadClient(
  system: System,
  target: LoadTarget,
  options: LoadClientOptions,
): LoadClient {
  return system.lean?.(target, options) ?? adapted(system, target, options);
}

/** What is under way; what comes of one that was abandoned is nobody's any more. */
interface Attempt {
  readonly isRead: boolean;
}

function adapted(system: System, target: LoadTarget, options: LoadClientOptions): LoadClient {
  const { onEnd } = options;
  let connected: Promise<Client> | null = null;
  let current: Attempt | null = null;

  const disconnect = (): void => {
    connected?.then((client) => client[Symbol.asyncDispose]()).catch(ignore);
    connected = null;
  };
  const end = (attempt: Attempt, outcome: Outcome): void => {
    if (current !== attempt) return;
    current = null;
    if (outcome.phase !== 'ok') onEnd(outcome.phase, null, outcome.error);
    else onEnd('ok', attempt.isRead ? textOf(outcome.value) : null, '');
  };
  const begin = (isRead: boolean, key: string, value: string | null): void => {
    const attempt = { isRead };
    current = attempt;
    connected ??= system.connect(nodeAt(target), options);
    const op = { op: isRead ? 'read' : 'write', key, value };
    connected.then(
      (client) => client.invoke(op).then((outcome) => end(attempt, outcome)),
      (error: unknown) => {
        connected = null;
        end(attempt, { phase: 'fail', error: (error as Error).message });
      },
    );
  };
  return {
    read: (key) => begin(true, key, null),
    write: (key, value) => begin(false, key, value),
    abandon(reason) {
      if (current === null) return;
      const attempt = current;
      disconnect();
      end(attempt, { phase: attempt.isRead ? 'fail' : 'info', error: reason });
    },
    close() {
      current = null;
      disconnect();
    },
  };
}

function textOf(value: unknown): string | null {
  return value === null || typeof value === 'string' ? value : JSON.stringify(value);
}

/** A thread of load reaches a node by its addresses; its process is the business of others. */
function nodeAt(target: LoadTarget): Node {
  const refuse = (): Promise<never> =>
    Promise.reject(new Error(`expected only to talk to ${target.id}; its process is out of reach`));
  return {
    id: target.id,
    get addresses() {
      return target.addresses;
    },
    ...{ start: refuse, kill: refuse, isRunning: refuse, logs: refuse },
  };
}

function ignore(): void {
  // A connection that is no more wanted.
}
