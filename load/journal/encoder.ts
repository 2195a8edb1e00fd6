import { type TakeBytes, byteWriter } from './byte-writer.ts';
import {
  type JournalHeader,
  absent,
  firstValue,
  phaseCodes,
  unreadable,
  wordsTag,
} from './codes.ts';

/** What is asked for, by whom. */
export interface Asked {
  readonly index: number;
  readonly key: number;
  /** The number of the value that is written; -1 for none. */
  readonly value: number;
  /** -1 where it is due when it begins. */
  readonly dueNs: number;
}

/**
 * Writes operations down in some ten bytes each: numbers as LEB128, moments as the difference to the
 * last one of the same thread. Times are whole nanoseconds of the round's clock, and no two of a thread
 * are equal.
 */
export interface JournalEncoder {
  /** `tag` is an operation's, by `tagOf`. */
  invoke(tag: number, asked: Asked): void;
  /** `result` is the number of the value that was found, -1 for none, -2 for one nobody wrote. */
  ok(tag: number, slot: number, result: number): void;
  /** It ended as `fail` or `info`, for a reason in words. */
  lost(tag: number, slot: number, phase: 'fail' | 'info', words: string): void;
  /** The moment of the last record. */
  readonly lastNs: number;
  /** Hands over all that was written so far. */
  flush(): void;
}

/** No record is longer, but for one of words. */
const longestRecord = 64;
const longestWords = 300;
/** Words with numbers of their own in them would never end; those that come later are left out. */
const mostWords = 1000;

export function journalEncoder(
  header: JournalHeader,
  nowNs: () => number,
  take: TakeBytes,
): JournalEncoder {
  const writer = byteWriter(take);
  let lastNs = 0;
  const known = new Map<string, number>();
  writer.text(Buffer.from(`${JSON.stringify(header)}\n`));

  const begin = (tag: number, slot: number): void => {
    writer.reserve(longestRecord);
    writer.byte(tag);
    writer.number(slot);
    const nextNs = Math.max(lastNs + 1, Math.floor(nowNs()));
    writer.number(nextNs - lastNs);
    lastNs = nextNs;
  };
  /** Words are written out when they first come up, and are a number from then on. */
  const codeOf = (words: string): number => {
    const old = known.get(words);
    if (old !== undefined) return old;
    if (known.size >= mostWords) return 0;
    const code = known.size + 1;
    known.set(words, code);
    const text = Buffer.from(words).subarray(0, longestWords);
    writer.reserve(longestRecord + text.length);
    writer.byte(wordsTag);
    writer.number(code);
    writer.number(text.length);
    writer.text(text);
    return code;
  };
  return {
    invoke(tag, { index, key, value, dueNs }) {
      begin(tag | phaseCodes.invoke, index);
      writer.number(key);
      writer.number(value + 1);
      writer.number(dueNs < 0 ? 0 : Math.max(0, lastNs - Math.floor(dueNs)) + 1);
    },
    ok(tag, slot, result) {
      begin(tag | phaseCodes.ok, slot);
      writer.number(result === -1 ? absent : result === -2 ? unreadable : result + firstValue);
    },
    lost(tag, slot, phase, words) {
      const code = codeOf(words);
      begin(tag | phaseCodes[phase], slot);
      writer.number(code);
    },
    get lastNs() {
      return lastNs;
    },
    flush: () => writer.flush(),
  };
}
