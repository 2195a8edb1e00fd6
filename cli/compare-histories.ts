import { join } from 'node:path';
import { linesOf } from '../checkers/formats/lines.ts';
import { textChunks } from '../store/lines.ts';
import { historyFile } from '../store/run-folder.ts';

/** Compares two runs' histories byte for byte; a line that says whether and where they part. */
export function compareHistories(saved: string, again: string): string {
  const mine = linesIn(saved);
  for (const line of linesIn(again)) {
    const other = mine.next();
    if (other.done !== true && other.value.text === line.text) continue;
    return partsAt(line.number);
  }
  const left = mine.next();
  if (left.done === true) return 'the same history, byte for byte';
  return partsAt(left.value.number);
}

function linesIn(folder: string): ReturnType<typeof linesOf> {
  const path = join(folder, historyFile);
  return linesOf(textChunks(path), path);
}

function partsAt(line: number): string {
  return `another history, from line ${line} of ${historyFile} on: dtest itself has changed since, or something in it is not decided by the seed (dtest run --verify tells)`;
}
