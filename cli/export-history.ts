import { open, rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type EventWriter, writers } from '../checkers/formats/write-jepsen.ts';
import type { HistoryEvent } from '../core/event.ts';
import { openSource } from './check/history-source.ts';
import { type ReadingFlags, openHistory } from './check/opened-history.ts';
import { UsageError, messageOf } from './failure.ts';
import { lookUp } from './lookup.ts';

export interface ExportFlags extends ReadingFlags {
  readonly form: string | undefined;
  /** The file to write; standard output when undefined. */
  readonly output: string | undefined;
}

/** `dtest check --export`: writes a history in another form, in bounded memory, and judges nothing. */
export async function exportHistory(words: readonly string[], flags: ExportFlags): Promise<void> {
  const { form, output } = flags;
  if (form === undefined) throw new UsageError('expected --export edn or jsonl with --output');
  const writer = lookUp('form to export', writers, form);
  const [word, ...others] = words;
  if (word === undefined || others.length > 0) {
    throw new UsageError(`expected one history to export, got ${words.length}`);
  }
  await using source = await openSource(word);
  const events = openHistory(source, flags).events((note) => {
    process.stderr.write(`note: ${note}\n`);
  });
  const text = Readable.from(textOf(events, writer));
  await (output === undefined ? toStandardOutput(text) : toFile(text, output));
}

const enoughCharacters = 1 << 16;

function* textOf(events: Iterable<HistoryEvent>, writer: EventWriter): Generator<string> {
  let text = '';
  for (const event of events) {
    text += `${writer(event)}\n`;
    if (text.length < enoughCharacters) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

/** Whoever reads may be gone (`dtest check --export edn h | head`), and then there is no more to do. */
async function toStandardOutput(text: Readable): Promise<void> {
  try {
    await pipeline(text, process.stdout, { end: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}

/** Whole or not at all. */
async function toFile(text: Readable, path: string): Promise<void> {
  if ((await stat(path).catch(() => null))?.isDirectory() === true) {
    throw new UsageError(`expected --output to name a file, got the folder ${path}`);
  }
  const draft = `${path}.tmp`;
  const file = await open(draft, 'w').catch((cause: unknown) => {
    throw new UsageError(`expected to write ${path}, but could not: ${messageOf(cause)}`);
  });
  try {
    await pipeline(text, file.createWriteStream());
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
