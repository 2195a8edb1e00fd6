import { type FileHandle, open } from 'node:fs/promises';

/** Lines waiting longer than this are on disk, so a killed harness loses at most as much. */
const flushIntervalMs = 50;

/** An append-only file, one JSON object a line. */
export interface Journal<Line> extends AsyncDisposable {
  /** Throws once the disk has refused what came before. */
  append(line: Line): void;
  /** Resolves when everything appended so far has been written. Rejects when the disk refused it. */
  flush(): Promise<void>;
}

/** Creates the file, which must not exist yet, unless `goOn` says that its lines are to be followed. */
export async function openJournal<Line>(
  path: string,
  { goOn = false }: { readonly goOn?: boolean } = {},
): Promise<Journal<Line>> {
  const file = await open(path, goOn ? 'a' : 'ax');
  const writer = lineWriter(file);
  const timer = setInterval(() => void writer.flush().catch(() => undefined), flushIntervalMs);
  return {
    append: (line) => writer.write(JSON.stringify(line)),
    flush: () => writer.flush(),
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      try {
        await writer.flush();
        await file.sync();
      } finally {
        await file.close();
      }
    },
  };
}

interface LineWriter {
  write(line: string): void;
  flush(): Promise<void>;
}

/** One write at a time; lines that come meanwhile go out together with the next. */
function lineWriter(file: FileHandle): LineWriter {
  let waiting: string[] = [];
  let writing: Promise<void> = Promise.resolve();
  let broken: Error | undefined;

  const writeOut = async (): Promise<void> => {
    if (broken !== undefined) throw broken;
    if (waiting.length === 0) return;
    const lines = waiting;
    waiting = [];
    try {
      await file.appendFile(`${lines.join('\n')}\n`);
    } catch (cause) {
      broken = new Error('the history could not be written; is the disk full?', { cause });
      throw broken;
    }
  };

  return {
    write: (line) => {
      if (broken !== undefined) throw broken;
      waiting.push(line);
    },
    flush: () => {
      writing = writing.catch(() => undefined).then(writeOut);
      return writing;
    },
  };
}
