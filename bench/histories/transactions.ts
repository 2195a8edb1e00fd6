import type { Json } from '../../core/json.ts';
import { keyDraws } from './draws.ts';
import type { HistoryOptions } from './history-options.ts';
import type { SimulatedObject } from './simulated.ts';

const mostSteps = 4;

/** Transactions of one to four steps, each a read or a write (an append to a list) of one key. */
export function createTransactions(
  { kind, keys = 1, zipf = 0, appendsPerKey = Infinity }: HistoryOptions,
  draw: () => number,
  value: () => number,
): SimulatedObject {
  const isLists = kind === 'list-append';
  const draws = keyDraws(draw, keys, zipf);
  const open = createOpenKeys(keys, appendsPerKey);
  const registers = new Map<number, Json>();
  const lists = new Map<number, number[]>();
  const write = isLists ? 'append' : 'w';

  const step = ([action, key, written]: Step): Step => {
    if (action === 'r') {
      const found = isLists ? [...(lists.get(key) ?? [])] : (registers.get(key) ?? null);
      return [action, key, found];
    }
    if (!isLists) registers.set(key, written);
    else {
      const list = lists.get(key);
      if (list === undefined) lists.set(key, [written as number]);
      else list.push(written as number);
    }
    return [action, key, written];
  };

  return {
    propose() {
      draw();
      const input: Step[] = [];
      for (let left = 1 + Math.floor(draw() * mostSteps); left > 0; left--) {
        const place = draws();
        if (draw() < 0.5) input.push(['r', open.keyAt(place), null]);
        else input.push([write, open.toAppendTo(place), value()]);
      }
      return { op: 'txn', key: null, input: input };
    },
    apply(operation) {
      operation.output = (operation.input as unknown as Step[]).map(step);
    },
  };
}

type Step = readonly [string, number, Json];

/** The keys in use, which give way to new ones when enough was appended to them. */
function createOpenKeys(keys: number, appendsPerKey: number) {
  const current = Array.from({ length: keys }, (_, place) => ({ key: place, appends: 0 }));
  let next = keys;
  const at = (place: number): { key: number; appends: number } => {
    const entry = current[place];
    if (entry === undefined) throw new Error(`expected a place below ${keys}, got ${place}`);
    return entry;
  };
  return {
    keyAt: (place: number) => at(place).key,
    toAppendTo(place: number): number {
      const entry = at(place);
      const { key } = entry;
      if (++entry.appends >= appendsPerKey) current[place] = { key: next++, appends: 0 };
      return key;
    },
  };
}
