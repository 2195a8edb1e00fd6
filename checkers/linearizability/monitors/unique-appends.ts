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

/** Which operations a piece can come from. What is written may be the same as what is appended. */
interface Pieces {
  readonly writes: ReadonlyMap<string | number, number>;
  readonly appends: ReadonlyMap<string | number, readonly number[]>;
  /** The lengths of pieces of text, each once. */
  readonly lengths: readonly number[];
}

function piecesOf(views: readonly AppendableView[]): Pieces | null {
  const writes = new Map<string | number, number>();
  const appends = new Map<string | number, number[]>();
  const lengths = new Set<number>();
  for (const [at, view] of views.entries()) {
    if (view.kind === 'read') continue;
    const piece = view.shape === 'text' ? view.piece : valueKey(view.piece);
    if (view.kind === 'append') {
      const others = appends.get(piece);
      if (others === undefined) appends.set(piece, [at]);
      else others.push(at);
    } else if (writes.has(piece)) return null;
    else writes.set(piece, at);
    if (view.shape === 'text') lengths.add(view.piece.length);
  }
  return { writes, appends, lengths: [...lengths] };
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
  const producersOf = lookOut(operations, pieces);
  let contradictory = false;
  for (const [at, view] of views.entries()) {
    const returnedAt = operations[at]?.returnedAt ?? Infinity;
    // A read that need not have happened says nothing.
    if (view.kind !== 'read' || returnedAt === Infinity) continue;
    const shown = cut(view.value, pieces);
    const producers = shown === 'ambiguous' ? shown : producersOf(shown, returnedAt);
    if (producers === 'ambiguous') return producers;
    let value = 0;
    for (const producer of producers) {
      const known = before[producer] ?? -1;
      if (producer < 0 || (known !== -1 && known !== value)) contradictory = true;
      else before[producer] = value;
      value = producer + 1;
    }
    read[at] = value;
  }
  return contradictory ? 'contradictory' : { before, read };
}

/**
 * Names the operation that each piece of a read comes from, -1 for none. Where several wrote the same,
 * real time decides if it can: whoever did it was called before the read and before all that came later
 * in the value returned, and did not return before what came earlier was called.
 */
function lookOut(
  operations: readonly TimedOperation[],
  { writes, appends }: Pieces,
): (shown: readonly (string | number)[], readBy: number) => readonly number[] | 'ambiguous' {
  const callOf = (at: number): number => operations[at]?.calledAt ?? Infinity;
  const returnOf = (at: number): number => operations[at]?.returnedAt ?? Infinity;
  // No write brings the empty value back, so what was appended to it was called by then.
  let firstWritten = Infinity;
  for (const at of writes.values()) firstWritten = Math.min(firstWritten, returnOf(at));
  /** The last read that showed each operation, to find what shows one twice. */
  const shownBy = new Int32Array(operations.length);
  let reads = 0;

  /** For each place, by when its piece and all before it must have been called. */
  const deadlinesOf = (shown: readonly (string | number)[], readBy: number): Float64Array => {
    const deadlines = new Float64Array(shown.length);
    let deadline = readBy;
    for (let place = shown.length - 1; place >= 0; place--) {
      const [only = -1, ...others] = appends.get(shown[place] ?? '') ?? [];
      if (place > 0 && others.length === 0) deadline = Math.min(deadline, returnOf(only));
      deadlines[place] = deadline;
    }
    return deadlines;
  };

  return (shown, readBy) => {
    reads++;
    const deadlines = deadlinesOf(shown, readBy);
    const found: number[] = [];
    let latestCall = -Infinity;
    let isFromEmpty = true;
    for (const [place, piece] of shown.entries()) {
      const deadline = Math.min(deadlines[place] ?? readBy, isFromEmpty ? firstWritten : Infinity);
      const candidates = (appends.get(piece) ?? []).filter(
        (at) => callOf(at) <= deadline && returnOf(at) >= latestCall && shownBy[at] !== reads,
      );
      const written = place === 0 ? writes.get(piece) : undefined;
      if (written !== undefined) candidates.push(written);
      if (candidates.length > 1) return 'ambiguous';
      const [producer = -1] = candidates;
      found.push(producer);
      if (producer < 0) break;
      if (producer === written) isFromEmpty = false;
      latestCall = Math.max(latestCall, callOf(producer));
      shownBy[producer] = reads;
    }
    return found;
  };
}

/** The pieces that a value was made of, in order, as far as they are known ones. */
function cut(
  value: Json,
  { writes, appends, lengths }: Pieces,
): readonly (string | number)[] | 'ambiguous' {
  if (typeof value !== 'string') return ((value ?? []) as readonly Json[]).map(valueKey);
  const found: string[] = [];
  for (let from = 0; from < value.length;) {
    let piece = '';
    for (const length of lengths) {
      if (from + length > value.length) continue;
      const candidate = value.slice(from, from + length);
      if (!writes.has(candidate) && !appends.has(candidate)) continue;
      // One piece begins with another: there may be several ways to cut the text.
      if (piece !== '') return 'ambiguous';
      piece = candidate;
    }
    // What follows comes from nobody, and so does the whole.
    if (piece === '') return [...found, value.slice(from)];
    found.push(piece);
    from += piece.length;
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
