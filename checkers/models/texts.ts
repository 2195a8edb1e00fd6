/**
 * A text as the one before it and what was appended, so that a state costs as much memory as its last
 * piece. Equal texts of one table are one object, however they came about: `a` and `bc` make the same
 * text as `ab` and `c`.
 */
export interface Text {
  readonly kind: 'text';
  /** The same for equal texts and different for others; not the JSON of anything. */
  readonly id: string;
  readonly before: Text | null;
  readonly piece: string;
  readonly length: number;
  readonly hash: number;
  /** Another text of the table with the same hash. */
  readonly sameHash: Text | null;
}

/** A text to be compared with many states: it is put together once, if at all. */
export interface Reading {
  readonly length: number;
  readonly hash: number;
  /** The text that it was found to be equal to. */
  equal: Text | null;
  whole(): string;
}

export interface Texts {
  /** The text itself, with nothing before it. */
  of(whole: string): Text;
  append(before: Text, piece: string): Text;
  /** Whether the text is what was read: a comparison of two numbers in all but the first case. */
  matches(text: Text, reading: Reading): boolean;
}

/**
 * After so many texts a table forgets them. One that comes up again is then a new one, so a search may
 * go twice where once would do; but searches go forward, and old texts hardly ever come up again.
 */
const mostTexts = 1 << 16;

export function createTexts(): Texts {
  const byHash = new Map<number, Text>();
  let known = 0;
  let nextId = 0;

  const find = (before: Text | null, piece: string): Text => {
    const hash = hashOf(piece, before?.hash);
    const first = byHash.get(hash) ?? null;
    for (let each = first; each !== null; each = each.sameHash) {
      if (each.before === before && each.piece === piece) return each;
    }
    const length = (before?.length ?? 0) + piece.length;
    const text: Text = {
      kind: 'text',
      id: `#${nextId}`,
      before,
      piece,
      length,
      hash,
      sameHash: first,
    };
    for (let each = first; each !== null; each = each.sameHash) {
      if (each.length === length && wholeOf(each) === wholeOf(text)) return each;
    }
    if (++known > mostTexts) {
      byHash.clear();
      known = 1;
    }
    byHash.set(hash, text);
    nextId++;
    return text;
  };

  return {
    of: (whole) => find(null, whole),
    append: (before, piece) => (piece === '' ? before : find(before, piece)),
    matches(text, reading) {
      if (text === reading.equal) return true;
      if (text.length !== reading.length || text.hash !== reading.hash) return false;
      if (wholeOf(text) !== reading.whole()) return false;
      reading.equal = text;
      return true;
    },
  };
}

/** The whole text, put together from its pieces. */
export function wholeOf(text: Text): string {
  const pieces: string[] = [];
  for (let at: Text | null = text; at !== null; at = at.before) pieces.push(at.piece);
  return pieces.reverse().join('');
}

/** FNV-1a over the characters; the hash of a text can be continued with what is appended to it. */
export function hashOf(piece: string, before = 0x811c9dc5): number {
  let hash = before;
  for (let at = 0; at < piece.length; at++) {
    hash = Math.imul(hash ^ piece.charCodeAt(at), 0x01000193);
  }
  return hash;
}

export function readingOf(text: string): Reading {
  return { length: text.length, hash: hashOf(text), equal: null, whole: () => text };
}
