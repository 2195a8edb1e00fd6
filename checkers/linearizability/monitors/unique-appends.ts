import type { Json } from '../../../core/json.ts';
import { casRegister } from '../../models/index.ts';
import type { Model } from '../../models/model.ts';
import { valueKey } from '../../models/value.ts';
import { type AppendableView, viewsAs } from '../../models/view.ts';
import type { Decider } from '../decider.ts';
import type { TimedOperation } from '../part.ts';
import { createUniqueRegister } from './unique-register.ts';

/**
 * Decides a text or list that grows by pieces which are all different, in time linear in what was read
 * and O(n log n) in the number of operations; null when the operations are not of that kind.
 *
 * A read shows all pieces in their order, so it names the one before each (the idea of Elle's
 * list-append, Kingsbury and Alvaro 2020, section 4). As every piece is appended once, the whole value
 * after an append is known by its last piece, and the append is a compare-and-set from the value before
 * to its own. An append that no read shows must have come when nobody read any more before the next
 * write, just as a write of a register that nobody reads. What is left is a register with unique values.
 */
export function createUniqueAppends(
  model: Model,
  operations: readonly TimedOperation[],
): Decider | null {
  const views = viewsAs(model, 'appendable', operations);
  if (views === null) return null;
  const pieces = piecesOf(views);
  if (pieces === null) return null;
  const order = orderOf(views, operations, pieces);
  if (order === 'ambiguous') return null;
  const register = order === 'contradictory' ? null : asRegister(views, operations, order);
  let steps = 0;
  return {
    name: 'unique-appends',
    get steps() {
      return steps;
    },
    stuck: () => null,
    run() {
      steps = operations.length;
      return register?.run(Infinity) ?? 'invalid';
    },
  };
}

/** Which write or append a piece comes from, and the lengths of pieces of text, each once. */
interface Pieces {
  readonly producers: ReadonlyMap<string | number, number>;
  readonly lengths: readonly number[];
  readonly isWrite: (at: number) => boolean;
}

function piecesOf(views: readonly AppendableView[]): Pieces | null {
  const producers = new Map<string | number, number>();
  const lengths = new Set<number>();
  for (const [at, view] of views.entries()) {
    if (view.kind === 'read') continue;
    const piece = view.shape === 'text' ? view.piece : valueKey(view.piece);
    if (piece === '' || producers.has(piece)) return null;
    producers.set(piece, at);
    if (view.shape === 'text') lengths.add(view.piece.length);
  }
  return {
    producers,
    lengths: [...lengths],
    isWrite: (at) => views[at]?.kind === 'write',
  };
}

/** Values are numbers: 0 is the empty one, and i + 1 the one that operation i left behind. */
interface Order {
  /** The value that each append found; -1 when no read shows it. */
  readonly before: Int32Array;
  /** The value that each read returned. */
  readonly read: Int32Array;
}

function orderOf(
  views: readonly AppendableView[],
  operations: readonly TimedOperation[],
  pieces: Pieces,
): Order | 'ambiguous' | 'contradictory' {
  const before = new Int32Array(views.length).fill(-1);
  const read = new Int32Array(views.length);
  let contradictory = false;
  for (const [at, view] of views.entries()) {
    // A read that need not have happened says nothing.
    if (view.kind !== 'read' || operations[at]?.returnedAt === Infinity) continue;
    const producers = producersOf(view.value, pieces);
    if (producers === 'ambiguous') return producers;
    let value = 0;
    for (const producer of producers) {
      const known = before[producer] ?? -1;
      const fits = pieces.isWrite(producer) ? value === 0 : known === -1 || known === value;
      if (producer < 0 || !fits) contradictory = true;
      else before[producer] = value;
      value = producer + 1;
    }
    read[at] = value;
  }
  return contradictory ? 'contradictory' : { before, read };
}

/** The operations that a value was made by, in order; -1 for a piece that nobody wrote. */
function producersOf(value: Json, { producers, lengths }: Pieces): readonly number[] | 'ambiguous' {
  if (typeof value !== 'string') {
    const elements = (value ?? []) as readonly Json[];
    return elements.map((each) => producers.get(valueKey(each)) ?? -1);
  }
  const found: number[] = [];
  for (let from = 0; from < value.length;) {
    let producer = -1;
    let end = value.length;
    for (const length of lengths) {
      const candidate = producers.get(value.slice(from, from + length));
      if (candidate === undefined || from + length > value.length) continue;
      // One piece begins with another: there may be several ways to cut the text.
      if (producer >= 0) return 'ambiguous';
      producer = candidate;
      end = from + length;
    }
    found.push(producer);
    from = end;
  }
  return found;
}

const register = casRegister({ init: 0 });

function asRegister(
  views: readonly AppendableView[],
  operations: readonly TimedOperation[],
  { before, read }: Order,
): Decider | null {
  const derived = operations.flatMap((timed, at): readonly TimedOperation[] => {
    const value = at + 1;
    const found = before[at] ?? -1;
    const isOpen = timed.returnedAt === Infinity;
    const as = (op: string, input: Json, output: Json): readonly TimedOperation[] => [
      { ...timed, operation: { ...timed.operation, op, input, output } },
    ];
    switch (views[at]?.kind) {
      case 'read':
        return isOpen ? [] : as('read', null, read[at] ?? 0);
      case 'append':
        if (found >= 0) return as('cas', [found, value], null);
        return isOpen ? [] : as('write', value, null);
      default:
        return as('write', value, null);
    }
  });
  return createUniqueRegister(register, derived);
}
