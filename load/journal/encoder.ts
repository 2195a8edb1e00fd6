import {
  type JournalHeader,
  absent,
  firstValue,
  phaseCodes,
  unreadable,
  wordsTag,
} from './codes.ts';

/** Takes full buffers as they come; they are not touched afterwards. */
export type TakeBytes = (bytes: Uint8Array) => void;

/**
 * Writes operations down in some ten bytes each: numbers as LEB128, moments as the difference to the
 * last one of the same thread. Times are whole nanoseconds of the round's clock, and no two of a thread are equal.
 */
export interface JournalEncoder {
  /** `tag` is an operation's, by `tagOf`; `value` the number of what is written, or -1. */
  invoke(tag: number, slot: number, key: number, value: number, dueNs: number): void;
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
const bufferBytes = 64 << 10;

export function journalEncoder(
  header: JournalHeader,
  nowNs: () => number,
  take: TakeBytes,
): JournalEncoder {
  let buffer = Buffer.allocUnsafeSlow(bufferBytes);
  let at = buffer.write(`${JSON.stringify(header)}\n`, 'latin1');
  let lastNs = 0;
  const known = new Map<string, number>();

  const flush = (): void => {
    if (at === 0) return;
    take(buffer.subarray(0, at));
    buffer = Buffer.allocUnsafeSlow(bufferBytes);
    at = 0;
  };
  const begin = (tag: number, slot: number): void => {
    if (at + longestRecord > bufferBytes) flush();
    buffer[at++] = tag;
    write(slot);
    const nextNs = Math.max(lastNs + 1, Math.floor(nowNs()));
    write(nextNs - lastNs);
    lastNs = nextNs;
  };
  const write = (number: number): void => {
    let rest = number;
    // Bit operations end at 32 bits; numbers here are whole and go up to 2^53.
    while (rest >= 0x80000000) {
      buffer[at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    while (rest >= 0x80) {
      buffer[at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    buffer[at++] = rest;
  };
  const codeOf = (words: string): number => {
    const old = known.get(words);
    if (old !== undefined) return old;
    // Words with numbers of their own in them would never end.
    if (known.size >= mostWords) return 0;
    const code = known.size + 1;
    known.set(words, code);
    if (at + longestRecord + longestWords > bufferBytes) flush();
    const text = Buffer.from(words).subarray(0, longestWords);
    buffer[at++] = wordsTag;
    write(code);
    write(text.length);
    at += text.copy(buffer, at);
    return code;
  };

  return {
    invoke(tag, slot, key, value, dueNs) {
      begin(tag | phaseCodes.invoke, slot);
      write(key);
      write(value + 1);
      write(dueNs < 0 ? 0 : Math.max(0, lastNs - Math.floor(dueNs)) + 1);
    },
    ok(tag, slot, result) {
      begin(tag | phaseCodes.ok, slot);
      write(result === -1 ? absent : result === -2 ? unreadable : result + firstValue);
    },
    lost(tag, slot, phase, words) {
      const code = codeOf(words);
      begin(tag | phaseCodes[phase], slot);
      write(code);
    },
    get lastNs() {
      return lastNs;
    },
    flush,
  };
}

const mostWords = 1000;
