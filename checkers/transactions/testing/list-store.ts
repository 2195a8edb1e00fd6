import type { OpEvent } from '../../../core/event.ts';
import { type Rng, rngOf } from '../../../core/rng.ts';

/** A run against a simulated store. */
export interface ListRun {
  readonly seed: number;
  readonly transactions: number;
  readonly clients: number;
  /** Keys in use at a time; one that has been appended to so often is replaced by a new one. */
  readonly keys: number;
  readonly appendsPerKey: number;
  /** Shares of transactions that crash, half of which happened, and that fail. */
  readonly crashes?: number;
  readonly failures?: number;
  /**
   * What the store promises. `strict-serializable`: each transaction happens at one moment.
   * `snapshot-isolation`: it reads as of one moment and appends at a later one, unless another has
   * appended to the same keys in between. `read-committed`: each of its reads is of a moment of its own.
   */
  readonly isolation?: 'strict-serializable' | 'snapshot-isolation' | 'read-committed';
}

type Micro = ['r', number, number[] | null] | ['append', number, number];

interface Running {
  readonly process: number;
  readonly micros: Micro[];
  /** How it will end, should the store let it. */
  readonly end: 'ok' | 'fail' | 'info';
  /** How many of its micro-operations were done. */
  done: number;
  readonly seen: Map<number, number>;
  aborted: boolean;
  finished: boolean;
}

/** The events of a run, as they come; the same for the same run on every machine. */
export function* listEvents(run: ListRun): Generator<OpEvent> {
  const rng = rngOf(run.seed);
  const store = createStore(run, rng);
  const running: (Running | undefined)[] = Array.from({ length: run.clients });
  const processes = Array.from({ length: run.clients }, (_, client) => client);
  let [index, begun, open, nextProcess] = [0, 0, 0, run.clients];
  const event = (process: number, phase: OpEvent['phase'], value: Micro[]): OpEvent => {
    const at = index++;
    return { index: at, timeNs: at * 1000, process, phase, op: 'txn', value };
  };
  while (begun < run.transactions || open > 0) {
    const client = rng.int(0, run.clients - 1);
    const one = running[client];
    if (one === undefined) {
      if (begun >= run.transactions) continue;
      begun++;
      open++;
      const micros = store.micros();
      const process = processes[client] ?? 0;
      const end = endOf(run, rng);
      const blank = { done: 0, seen: new Map(), aborted: false, finished: false };
      running[client] = { process, micros, end, ...blank };
      yield event(process, 'invoke', micros.map(asked));
      continue;
    }
    if (!one.finished) {
      store.step(one);
      continue;
    }
    running[client] = undefined;
    open--;
    const end = one.aborted && one.end === 'ok' ? 'fail' : one.end;
    yield event(one.process, end, end === 'ok' ? one.micros : one.micros.map(asked));
    if (end === 'info') processes[client] = nextProcess++;
  }
}

const asked = (micro: Micro): Micro => (micro[0] === 'r' ? ['r', micro[1], null] : micro);

function endOf({ crashes = 0, failures = 0 }: ListRun, rng: Rng): Running['end'] {
  const draw = rng.float();
  if (draw < crashes) return 'info';
  return draw < crashes + failures ? 'fail' : 'ok';
}

interface Store {
  /** What a transaction is to do. */
  micros(): Micro[];
  step(one: Running): void;
}

function createStore(
  { keys, appendsPerKey, isolation = 'strict-serializable' }: ListRun,
  rng: Rng,
): Store {
  const lists = new Map<number, number[]>();
  const active = Array.from({ length: keys }, (_, key) => ({ key, appends: 0 }));
  let [nextKey, nextElement] = [keys, 1];
  const listOf = (key: number): number[] => {
    let list = lists.get(key);
    if (list === undefined) lists.set(key, (list = []));
    return list;
  };
  const append = (): Micro => {
    const at = rng.int(0, keys - 1);
    const slot = active[at]!;
    if (++slot.appends >= appendsPerKey) active[at] = { key: nextKey++, appends: 0 };
    return ['append', slot.key, nextElement++];
  };
  const read = (one: Running, micro: Micro, length: number): void => {
    if (micro[0] !== 'r') return;
    const own = one.micros.slice(0, one.micros.indexOf(micro));
    const added = own.filter((each) => each[0] === 'append' && each[1] === micro[1]);
    micro[2] = [...listOf(micro[1]).slice(0, length), ...added.map((each) => each[2] as number)];
  };
  const commit = (one: Running): void => {
    one.finished = true;
    if (one.end === 'fail' || (one.end === 'info' && rng.float() < 0.5)) return;
    for (const micro of one.micros) if (micro[0] === 'append') listOf(micro[1]).push(micro[2]);
  };
  const readNow = (one: Running): void => {
    for (const micro of one.micros) read(one, micro, listOf(micro[1]).length);
  };
  const steps: Record<NonNullable<ListRun['isolation']>, (one: Running) => void> = {
    'strict-serializable'(one) {
      readNow(one);
      commit(one);
    },
    'snapshot-isolation'(one) {
      if (one.done++ === 0) {
        readNow(one);
        for (const [, key] of one.micros) one.seen.set(key, listOf(key).length);
        return;
      }
      const written = one.micros.filter(([kind]) => kind === 'append').map(([, key]) => key);
      one.aborted = written.some((key) => listOf(key).length !== one.seen.get(key));
      if (one.aborted) one.finished = true;
      else commit(one);
    },
    'read-committed'(one) {
      const micro = one.micros[one.done++];
      if (micro === undefined) commit(one);
      else read(one, micro, listOf(micro[1]).length);
    },
  };
  return {
    micros: () =>
      Array.from({ length: rng.int(1, 4) }, () =>
        rng.float() < 0.5 ? append() : ['r', active[rng.int(0, keys - 1)]!.key, null],
      ),
    step: (one) => steps[isolation](one),
  };
}
