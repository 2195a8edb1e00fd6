import type { OpEvent } from '../../../core/event.ts';
import type { Json } from '../../../core/json.ts';
import { type Rng, rngOf } from '../../../core/rng.ts';

/** What to draw: a few transactions on a few keys. Each written value is new. */
export interface TransactionsShape {
  readonly seed: number;
  readonly transactions: number;
  readonly clients: number;
  readonly keys: number;
  /** The most steps that a transaction takes. */
  readonly steps: number;
  /** Shares of transactions that crash, and that fail. */
  readonly crashes: number;
  readonly failures: number;
  readonly store: Store;
  /** How many reads are replaced by others, which may or may not break the history. */
  readonly mutations: number;
  /** Registers that are written, or lists that are appended to. */
  readonly writes: 'w' | 'append';
}

/**
 * What answers: `serial` takes each transaction at one moment; `snapshot` reads what was committed when
 * it began, and refuses the second of two writers; `careless` does not refuse; `committed` reads the
 * latest at each step; `replicas` keeps a copy for each client that learns of the others late.
 */
export type Store = 'serial' | 'snapshot' | 'careless' | 'committed' | 'replicas';

export const stores: readonly Store[] = ['serial', 'snapshot', 'careless', 'committed', 'replicas'];

type Micro = readonly [string, string, Json];
type State = ReadonlyMap<string, Json>;

interface Running {
  readonly process: number;
  readonly asked: readonly Micro[];
  readonly done: Micro[];
  readonly began: State;
  readonly stamp: number;
}

/** The events of one such history. The same shape gives the same history. */
export function randomTransactions(shape: TransactionsShape): OpEvent[] {
  const rng = rngOf(shape.seed);
  const events: Omit<OpEvent, 'index' | 'timeNs'>[] = [];
  const running = new Map<number, Running>();
  const processOf = Array.from({ length: shape.clients }, (_, client) => client);
  const store = createStore(shape, rng);
  let processes = shape.clients;
  let written = 0;
  const stepsOf = (): Micro[] =>
    Array.from({ length: rng.int(1, shape.steps) }, (): Micro => {
      const key = 'xyzuv'[rng.int(0, shape.keys - 1)]!;
      return rng.float() < 0.5 ? ['r', key, null] : [shape.writes, key, ++written];
    });

  for (let issued = 0; issued < shape.transactions || running.size > 0;) {
    const client = rng.int(0, shape.clients - 1);
    const one = running.get(client);
    if (one === undefined) {
      if (issued++ >= shape.transactions) continue;
      const asked = stepsOf();
      running.set(client, { process: processOf[client]!, asked, done: [], ...store.begin(client) });
      events.push({ process: processOf[client]!, phase: 'invoke', op: 'txn', value: asked });
      continue;
    }
    if (one.done.length < one.asked.length) {
      const steps = shape.store === 'serial' ? one.asked.length : 1;
      for (let step = 0; step < steps; step++) one.done.push(store.step(one));
      if (shape.store !== 'serial') continue;
    }
    running.delete(client);
    const { process, asked } = one;
    const fate = rng.float();
    const crashed = fate < shape.crashes;
    if (crashed) {
      processOf[client] = processes++;
      if (rng.float() < 0.7) events.push({ process, phase: 'info', op: 'txn', value: asked });
    }
    const failed = !crashed && fate < shape.crashes + shape.failures;
    if (failed || (crashed && rng.float() < 0.5) || !store.commit(client, one)) {
      if (!crashed) events.push({ process, phase: 'fail', op: 'txn', value: asked });
    } else if (!crashed) events.push({ process, phase: 'ok', op: 'txn', value: one.done });
  }
  for (let count = 0; count < shape.mutations; count++) spoil(events, written, rng);
  return events.map((event, index) => ({ index, timeNs: index * 1000, ...event }));
}

interface StoreUnderTest {
  begin(client: number): Pick<Running, 'began' | 'stamp'>;
  /** The next step as it is answered. */
  step(one: Running): Micro;
  /** False when the store refuses. */
  commit(client: number, one: Running): boolean;
}

function createStore({ store, clients }: TransactionsShape, rng: Rng): StoreUnderTest {
  let latest: State = new Map();
  const copies: State[] = Array.from({ length: clients }, () => new Map());
  const writes: (readonly Micro[])[] = [];
  const known: number[] = Array.from({ length: clients }, () => 0);
  const learn = (client: number): void => {
    const until = rng.int(known[client]!, writes.length);
    for (; known[client]! < until; known[client]!++) {
      copies[client] = writes[known[client]!]!.reduce(after, copies[client]!);
    }
  };
  return {
    begin(client) {
      if (store === 'replicas') learn(client);
      return { began: store === 'replicas' ? copies[client]! : latest, stamp: writes.length };
    },
    step(one) {
      const micro = one.asked[one.done.length]!;
      const [kind, key] = micro;
      if (kind !== 'r') return micro;
      const base = store === 'serial' || store === 'committed' ? latest : one.began;
      return ['r', key, one.done.reduce(after, base).get(key) ?? null];
    },
    commit(client, one) {
      const own = one.done.filter(([kind]) => kind !== 'r');
      const keys = own.map(([, key]) => key);
      const since = writes.slice(one.stamp).flat();
      if (store === 'snapshot' && since.some(([, key]) => keys.includes(key))) return false;
      if (own.length > 0) writes.push(own);
      latest = own.reduce(after, latest);
      copies[client] = own.reduce(after, copies[client]!);
      return true;
    },
  };
}

/** The state after one step. */
function after(state: State, [kind, key, value]: Micro): State {
  if (kind === 'r') return state;
  const old = (state.get(key) ?? []) as readonly Json[];
  return new Map([...state, [key, kind === 'w' ? value : [...old, value]]]);
}

/** Gives one read of registers another value, mostly one that somebody wrote. */
function spoil(events: Omit<OpEvent, 'index' | 'timeNs'>[], written: number, rng: Rng): void {
  const all = events.flatMap(({ value }) => value as readonly Micro[]);
  const at = rng.int(0, Math.max(0, events.length - 1));
  const event = events[at];
  if (event?.phase !== 'ok') return;
  const micros = event.value as readonly Micro[];
  const place = rng.int(0, micros.length - 1);
  const [kind, key, value] = micros[place]!;
  if (kind !== 'r') return;
  const others = all.filter((each) => each[0] !== 'r' && each[1] === key).map(([, , each]) => each);
  const list = value as readonly Json[] | null;
  const next =
    Array.isArray(value) || all.some(([each]) => each === 'append')
      ? rng.pick([(list ?? []).slice(0, -1), (list ?? []).toReversed(), [...(list ?? []), written]])
      : rng.pick([null, ...others]);
  events[at] = {
    ...event,
    value: micros.map((each, its) => (its === place ? [kind, key, next] : each)),
  };
}
