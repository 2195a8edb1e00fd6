import { closeSync, openSync, write } from 'node:fs';

/** Where a thread's journal goes. */
export interface JournalSink {
  readonly take: (bytes: Uint8Array) => void;
  /** Resolves when all that was taken is out of the process; rejects when the disk refused it. */
  end(): Promise<void>;
  /** What was kept in memory, for want of a file. */
  readonly kept: readonly Uint8Array[] | null;
}

export function journalInMemory(): JournalSink {
  const kept: Uint8Array[] = [];
  return { take: (bytes) => void kept.push(bytes), end: () => Promise.resolve(), kept };
}

/** Bytes that may wait for a disk that is slower than the load. */
const mostWaiting = 64 << 20;

/** One write at a time, off this thread; what comes meanwhile follows in order. */
export function journalFile(path: string, onError: (error: Error) => void): JournalSink {
  const file = openSync(path, 'wx');
  const waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let isWriting = false;
  let whenIdle: (() => void) | null = null;
  let broken: Error | null = null;

  const fail = (why: string, cause?: Error): void => {
    broken = new Error(`the journal ${path} could not be written: ${why}`, { cause });
    waiting.length = 0;
    waitingBytes = 0;
    onError(broken);
  };
  const writeNext = (): void => {
    const next = broken === null ? waiting.shift() : undefined;
    if (next === undefined) {
      isWriting = false;
      whenIdle?.();
      return;
    }
    isWriting = true;
    waitingBytes -= next.length;
    write(file, next, (error, written) => {
      if (error !== null) fail('is the disk full?', error);
      else if (written < next.length) {
        waiting.unshift(next.subarray(written));
        waitingBytes += next.length - written;
      }
      writeNext();
    });
  };

  return {
    kept: null,
    take(bytes) {
      if (broken !== null) return;
      waiting.push(bytes);
      waitingBytes += bytes.length;
      if (!isWriting) writeNext();
      else if (waitingBytes > mostWaiting) {
        fail(`the disk is slower than the load, by ${mostWaiting} bytes now; lower the load`);
      }
    },
    async end() {
      if (isWriting) await new Promise<void>((resolve) => (whenIdle = resolve));
      closeSync(file);
      if (broken !== null) throw broken;
    },
  };
}
