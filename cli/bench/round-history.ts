import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultEvent, HistoryEvent } from '../../core/event.ts';
import { eventsAt } from '../../load/judge/events.ts';
import { placesOfAll } from '../../load/judge/places.ts';
import { type JournalHeader, journalFileOf } from '../../load/journal/codes.ts';
import { decodeJournals, journalHeader } from '../../load/journal/decoder.ts';

export const faultsFile = 'faults.json';

/** Whether the folder holds what a round of a benchmark recorded. */
export function isRoundFolder(folder: string): boolean {
  return existsSync(join(folder, journalFileOf(0)));
}

/**
 * A round of a benchmark as a history, faults included, in order of time. Values are the numbers of the
 * writes. Throws when a thread's journal is missing or is none.
 */
export function* roundHistory(folder: string): Iterable<HistoryEvent> {
  const first = readFileSync(join(folder, journalFileOf(0)));
  const { threads }: JournalHeader = journalHeader(first);
  const others = Array.from({ length: threads - 1 }, (_, at) =>
    readFileSync(join(folder, journalFileOf(at + 1))),
  );
  const columns = decodeJournals([first, ...others]);
  const faults = faultsIn(folder);
  let index = 0;
  for (const event of eventsAt(columns, placesOfAll(columns))) {
    for (let fault = faults[0]; fault !== undefined && fault.timeNs <= event.timeNs;) {
      yield { ...fault, index: index++ };
      faults.shift();
      fault = faults[0];
    }
    yield { ...event, index: index++ };
  }
  for (const fault of faults) yield { ...fault, index: index++ };
}

function faultsIn(folder: string): FaultEvent[] {
  const path = join(folder, faultsFile);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as FaultEvent[]) : [];
}
