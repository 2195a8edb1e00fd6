import { constants, createReadStream, createWriteStream, existsSync, statSync } from 'node:fs';
import { access, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { historyFile } from '../../store/run-folder.ts';
import { isRoundFolder, roundHistory } from '../bench/round-history.ts';
import { UsageError, messageOf } from '../failure.ts';

/** What `-` is called. */
export const standardInput = 'standard input';

/** A history that can be read as often as is needed. */
export interface HistorySource extends AsyncDisposable {
  /** As the user named it. */
  readonly name: string;
  /** A plain file with the text: the user's own, or an unpacked copy that goes when this is disposed of. */
  readonly path: string;
  readonly bytes: number;
}

/**
 * Finds what a word on the command line means: a file, `-` for standard input, the folder of a run of
 * dtest or Jepsen, or that of a round of a benchmark. What is compressed with gzip, whatever its name, and what can be read only once, is
 * copied to a temporary file first. Throws `UsageError` when there is nothing to read.
 */
export async function openSource(word: string): Promise<HistorySource> {
  if (word === '-') return copied(standardInput, process.stdin, { isPacked: 'maybe' });
  if (isRoundFolder(word))
    return copied(word, Readable.from(roundLines(word)), { isPacked: 'maybe' });
  const name = historyPath(word);
  await access(name, constants.R_OK).catch((cause: unknown) => {
    throw new UsageError(`expected a history that can be read at ${name}: ${messageOf(cause)}`);
  });
  const { size, isFile } = { size: statSync(name).size, isFile: statSync(name).isFile() };
  if (!isFile) return copied(name, createReadStream(name), { isPacked: 'maybe' });
  if (await isGzip(name)) return copied(name, createReadStream(name), { isPacked: 'yes' });
  return { name, path: name, bytes: size, [Symbol.asyncDispose]: () => Promise.resolve() };
}

/** What a run leaves its history in: dtest's own, then Jepsen's. */
const historyFiles = [historyFile, 'history.edn', 'history.txt'];

function historyPath(word: string): string {
  if (!existsSync(word)) throw new UsageError(`expected a history file, found nothing at ${word}`);
  if (!statSync(word).isDirectory()) return word;
  const candidates = historyFiles.flatMap((name) => [join(word, name), join(word, `${name}.gz`)]);
  const found = candidates.find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new UsageError(
    `expected a history file or a run's folder, but ${word} has no ${historyFiles.join(', ')}`,
  );
}

/** A benchmark's own format is compact and not text; what is checked is the same, a line an event. */
function* roundLines(folder: string): Iterable<string> {
  for (const event of roundHistory(folder)) yield `${JSON.stringify(event)}\n`;
}

async function isGzip(path: string): Promise<boolean> {
  await using file = await open(path, 'r');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
  return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
}

async function copied(
  name: string,
  from: NodeJS.ReadableStream,
  { isPacked }: { readonly isPacked: 'yes' | 'maybe' },
): Promise<HistorySource> {
  const folder = await mkdtemp(join(tmpdir(), 'dtest-history-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const path = join(folder, 'history');
  try {
    if (isPacked === 'yes') await pipeline(from, createGunzip(), createWriteStream(path));
    else await pipeline(from, createWriteStream(path));
    if (isPacked === 'maybe' && (await isGzip(path))) {
      const unpacked = await copied(name, createReadStream(path), { isPacked: 'yes' });
      await remove();
      return unpacked;
    }
  } catch (cause) {
    await remove();
    const what = isPacked === 'yes' ? 'a whole gzip file' : 'a history that can be read';
    throw new UsageError(`expected ${what} at ${name}: ${messageOf(cause)}`);
  }
  return { name, path, bytes: statSync(path).size, [Symbol.asyncDispose]: remove };
}
