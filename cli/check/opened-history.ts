import type { HistoryFormat } from '../../checkers/formats/format.ts';
import { guessFormat } from '../../checkers/formats/guess.ts';
import { formats } from '../../checkers/formats/index.ts';
import { type Keyed, withKeys } from '../../checkers/formats/keyed.ts';
import type { HistoryEvent } from '../../core/event.ts';
import { textChunks } from '../../store/lines.ts';
import { UsageError } from '../failure.ts';
import { lookUp } from '../lookup.ts';
import type { HistorySource } from './history-source.ts';

/** A history whose format is known. */
export interface OpenedHistory {
  readonly name: string;
  readonly format: string;
  readonly bytes: number;
  /** What of the file has been read, in bytes, by the way through the events that began last. */
  readonly bytesRead: () => number;
  /** The events anew from the first one. What a person should know of them goes to `onNote`. */
  events(onNote?: (note: string) => void): Iterable<HistoryEvent>;
}

export interface ReadingFlags {
  readonly format: string | undefined;
  readonly keyed: Keyed;
}

/** Formats need not look further to be told apart. */
const enoughText = 1 << 16;

export function openHistory(source: HistorySource, flags: ReadingFlags): OpenedHistory {
  const { name, path, bytes } = source;
  const format = formatOf(source, flags);
  let bytesRead = 0;
  return {
    name,
    format: format.name,
    bytes,
    bytesRead: () => bytesRead,
    events(onNote = () => undefined) {
      bytesRead = 0;
      const onBytes = (count: number): void => void (bytesRead += count);
      const chunks = textChunks(path, { name, onBytes });
      const events = format.read(chunks, { file: name, onTorn: onNote, onSkipped: onNote });
      // dtest's own events have their keys beside their values.
      return format.name === 'dtest-jsonl' ? events : withKeys(events, flags.keyed);
    },
  };
}

function formatOf({ name, path }: HistorySource, flags: ReadingFlags): HistoryFormat {
  if (flags.format !== undefined) return lookUp('format', formats, flags.format);
  let beginning = '';
  for (const chunk of textChunks(path, { name })) {
    beginning += chunk.slice(0, enoughText);
    if (beginning.length >= enoughText) break;
  }
  const guess = guessFormat(name, beginning);
  if (guess.kind === 'unknown') throw new UsageError(`${name}: ${guess.reason}`);
  return lookUp('format', formats, guess.name);
}
