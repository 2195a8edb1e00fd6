import type { Outcome } from '../../core/event.ts';
import type { LoadClient, LoadClientOptions } from '../../core/load-client.ts';
import type { NodeStatus, System } from '../../core/system.ts';

/**
 * A system that answers at once, from a map in the generator's own thread: what it takes is what the
 * generator takes, and no system can look better than this one.
 */
export const nullSystem: System = {
  name: 'null',
  summary: "Answers at once, in the generator's own thread: the generator's ceiling and floor.",
  operations: ['read', 'write'],
  settings: [],
  launch: { ports: [], image: { kind: 'bundled' }, command: () => [] },
  connect: () =>
    Promise.resolve({
      invoke: (): Promise<Outcome> =>
        Promise.resolve({ phase: 'fail', error: 'expected to be used by the lean client alone' }),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
  inspect: (node): Promise<NodeStatus> =>
    Promise.resolve({
      ...{ id: node.id, role: node.id === first ? 'leader' : 'follower', leader: first, term: 1 },
      ...{ commitIndex: 0, appliedIndex: 0, counters: {} },
    }),
  lean: (_, options) => nullClient(options),
};

/** Somebody has to lead. */
const first = 'n1';

/** What all clients wrote; they are in one thread, and anew in every round. */
const values = new Map<string, string>();

/** Clients that wait for the end of the turn in which they asked; there is one list for all of them. */
let waiting: (() => void)[] = [];

function answerAll(): void {
  const answers = waiting;
  waiting = [];
  for (const answer of answers) answer();
}

function soon(answer: () => void): void {
  // Once a turn for all, as sockets are heard.
  if (waiting.length === 0) setImmediate(answerAll);
  waiting.push(answer);
}

function nullClient({ onEnd }: LoadClientOptions): LoadClient {
  values.clear();
  let isClosed = false;
  let wanted: string | null = null;
  const answer = (): void => {
    if (isClosed) return;
    onEnd('ok', wanted === null ? null : (values.get(wanted) ?? null), '');
  };
  return {
    read(key) {
      wanted = key;
      soon(answer);
    },
    write(key, value) {
      wanted = null;
      values.set(key, value);
      soon(answer);
    },
    abandon: () => undefined,
    close: () => {
      isClosed = true;
    },
  };
}
