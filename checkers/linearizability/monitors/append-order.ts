import type { Json } from '../../../core/json.ts';
import { valueKey } from '../../models/value.ts';
import type { AppendableView } from '../../models/view.ts';
import type { Operations } from '../operations.ts';

/**
 * Which operation each piece of what was read comes from, in numbers: 0 is the empty value, and
 * i + 1 the one that operation i left behind.
 */
export interface Order {
  /** The value that each append found; -1 when no read shows it. */
  readonly before: Int32Array;
  /** The value that each read returned. */
  readonly read: Int32Array;
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

/**
 * `ambiguous` when it cannot be told where some piece comes from, `contradictory` when some read is
 * known to be wrong. What begins with the same piece, if that comes from one operation, was read from one
 * value as it grew: each is the beginning of the longest, and only that one has to be looked through.
 */
export function orderOf(
  views: readonly AppendableView[],
  operations: Operations,
): Order | 'ambiguous' | 'contradictory' {
  const pieces = piecesOf(views);
  const growths = pieces === null ? null : growthsOf(views, operations, pieces);
  if (pieces === null || growths === null) return 'ambiguous';
  const before = new Int32Array(views.length).fill(-1);
  const read = new Int32Array(views.length);
  const producersOf = lookOut(operations, pieces);
  let contradictory = false;
  for (const { shown, readBy, reads, isOne } of growths) {
    const producers = producersOf(shown, readBy);
    if (producers === 'ambiguous') return producers;
    if (!isOne) contradictory = true;
    for (const [place, producer] of producers.entries()) {
      const value = place === 0 ? 0 : (producers[place - 1] as number) + 1;
      const known = before[producer] ?? -1;
      if (producer < 0 || (known !== -1 && known !== value)) contradictory = true;
      else before[producer] = value;
    }
    for (const [at, places] of reads) read[at] = (producers[places - 1] ?? -1) + 1;
  }
  return contradictory ? 'contradictory' : { before, read };
}

/** All reads that begin with the same piece. */
interface Growth {
  /** The pieces of the longest one. */
  readonly shown: readonly (string | number)[];
  /** For each of them, when the first read returned that shows it. */
  readonly readBy: Float64Array;
  /** Each read, and how many of the pieces it shows. */
  readonly reads: ReadonlyMap<number, number>;
  /** Whether all reads are beginnings of the longest. */
  readonly isOne: boolean;
}

/** Null when some text can be cut in several ways. */
function growthsOf(
  views: readonly AppendableView[],
  operations: Operations,
  pieces: Pieces,
): readonly Growth[] | null {
  const groups = new Map<string | number, number[]>();
  const valueOf = (at: number): Whole => {
    const view = views[at];
    return view?.kind === 'read' ? ((view.value ?? '') as Whole) : '';
  };
  for (const [at, view] of views.entries()) {
    // A read that need not have happened says nothing.
    if (view.kind !== 'read' || operations.returns[at] === Infinity) continue;
    const value = valueOf(at);
    if (value.length === 0) continue;
    const first =
      typeof value === 'string' ? pieceIn(value, 0, pieces) : valueKey(value[0] ?? null);
    if (first === null) return null;
    const group = groups.get(first);
    if (group === undefined) groups.set(first, [at]);
    else group.push(at);
  }
  const growths: Growth[] = [];
  for (const group of groups.values()) {
    const longest = group.reduce((one, at) => {
      return valueOf(at).length > valueOf(one).length ? at : one;
    });
    const shown = cut(valueOf(longest), pieces);
    if (shown === null) return null;
    const beginnings = beginningsOf(valueOf(longest), shown);
    const readBy = new Float64Array(shown.length).fill(Infinity);
    const reads = new Map<number, number>();
    for (const at of group) {
      const places = beginnings(valueOf(at));
      reads.set(at, places);
      const last = Math.max(places - 1, 0);
      readBy[last] = Math.min(readBy[last] as number, operations.returns[at] as number);
    }
    for (let place = shown.length - 1; place > 0; place--) {
      readBy[place - 1] = Math.min(readBy[place - 1] as number, readBy[place] as number);
    }
    growths.push({
      shown,
      readBy,
      reads,
      isOne: [...reads.values()].every((places) => places > 0),
    });
  }
  return growths;
}

/** A text, or a list of elements. */
type Whole = string | readonly Json[];

/** Tells how many of the pieces a value shows; 0 for one that is no beginning of theirs. */
function beginningsOf(
  longest: Whole,
  shown: readonly (string | number)[],
): (value: Whole) => number {
  if (typeof longest !== 'string') {
    return (value) =>
      (value as readonly Json[]).every((each, place) => valueKey(each) === shown[place])
        ? value.length
        : 0;
  }
  const places = new Map<number, number>();
  let end = 0;
  for (const [place, piece] of shown.entries()) {
    end += String(piece).length;
    places.set(end, place + 1);
  }
  return (value) => (longest.startsWith(value as string) ? (places.get(value.length) ?? 0) : 0);
}

/**
 * Names the operation that each piece comes from, -1 for none. Where several wrote the same,
 * real time decides if it can: whoever did it was called before a read shows it and before all that came
 * later returned, and did not return before what came earlier was called.
 */
function lookOut(
  operations: Operations,
  { writes, appends }: Pieces,
): (shown: readonly (string | number)[], readBy: Float64Array) => readonly number[] | 'ambiguous' {
  const callOf = (at: number): number => operations.calls[at] ?? Infinity;
  const returnOf = (at: number): number => operations.returns[at] ?? Infinity;
  // No write brings the empty value back, so what was appended to it was called by then.
  let firstWritten = Infinity;
  for (const at of writes.values()) firstWritten = Math.min(firstWritten, returnOf(at));
  /** The last value that showed each operation, to find what shows one twice. */
  const shownBy = new Int32Array(operations.length);
  let values = 0;

  /** For each place, by when its piece and all before it must have been called. */
  const deadlinesOf = (shown: readonly (string | number)[], readBy: Float64Array): Float64Array => {
    const deadlines = new Float64Array(shown.length);
    let deadline = Infinity;
    for (let place = shown.length - 1; place >= 0; place--) {
      const [only = -1, ...others] = appends.get(shown[place] ?? '') ?? [];
      if (place > 0 && others.length === 0) deadline = Math.min(deadline, returnOf(only));
      deadlines[place] = deadline = Math.min(deadline, readBy[place] ?? Infinity);
    }
    return deadlines;
  };

  return (shown, readBy) => {
    values++;
    const deadlines = deadlinesOf(shown, readBy);
    const found: number[] = [];
    let latestCall = -Infinity;
    let isFromEmpty = true;
    for (const [place, piece] of shown.entries()) {
      const limit = deadlines[place] ?? Infinity;
      const deadline = Math.min(limit, isFromEmpty ? firstWritten : Infinity);
      const candidates = (appends.get(piece) ?? []).filter(
        (at) => callOf(at) <= deadline && returnOf(at) >= latestCall && shownBy[at] !== values,
      );
      const written = place === 0 ? writes.get(piece) : undefined;
      if (written !== undefined) candidates.push(written);
      if (candidates.length > 1) return 'ambiguous';
      const [producer = -1] = candidates;
      found.push(producer);
      if (producer < 0) break;
      if (producer === written) isFromEmpty = false;
      latestCall = Math.max(latestCall, callOf(producer));
      shownBy[producer] = values;
    }
    return found;
  };
}

/** The pieces that a value was made of, as far as they are known ones; null if there are several ways. */
function cut(value: Whole, pieces: Pieces): readonly (string | number)[] | null {
  if (typeof value !== 'string') return value.map(valueKey);
  const found: string[] = [];
  for (let from = 0; from < value.length;) {
    const piece = pieceIn(value, from, pieces);
    if (piece === null) return null;
    found.push(piece);
    from += piece.length;
  }
  return found;
}

/**
 * The known piece at some place of a text; all that is left of it if that comes from nobody. Null when
 * one piece begins with another, so that there may be several ways to cut the text.
 */
function pieceIn(text: string, from: number, { writes, appends, lengths }: Pieces): string | null {
  let piece = '';
  for (const length of lengths) {
    if (from + length > text.length) continue;
    const candidate = text.slice(from, from + length);
    if (!writes.has(candidate) && !appends.has(candidate)) continue;
    if (piece !== '') return null;
    piece = candidate;
  }
  return piece === '' ? text.slice(from) : piece;
}
