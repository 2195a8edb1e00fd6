import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Source } from '../goals/row.ts';
import type { Subject } from '../measure/assignment.ts';
import { linesOfHistory } from './generate.ts';
import { type HistoryOptions, nameOf } from './history-options.ts';

/** Histories as files. */
export interface HistoryFiles {
  /** Writes those that must be generated, and takes them away again when they are disposed of. */
  of(sources: readonly Source[]): Subjects;
}

export interface Subjects extends Disposable {
  readonly list: readonly Subject[];
}

/** Generated files go into the folder and stay there to be used again, or into a temporary one. */
export function createHistoryFiles(folder: string | null): HistoryFiles {
  return {
    of(sources) {
      const place = folder ?? mkdtempSync(join(tmpdir(), 'dtest-bench-'));
      const remove = (): void => {
        if (folder === null) rmSync(place, { recursive: true, force: true });
      };
      try {
        const list = sources.map((source): Subject => {
          if (source.kind === 'file') return source.subject;
          return { file: written(place, source.history), format: 'jsonl', ...source.question };
        });
        return { list, [Symbol.dispose]: remove };
      } catch (error) {
        remove();
        throw error;
      }
    },
  };
}

const chunkCharacters = 1 << 20;

/** A file appears under its name only when it is complete. */
function written(folder: string, options: HistoryOptions): string {
  const path = join(folder, `${nameOf(options)}.jsonl`);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const draft = `${path}.draft`;
  const file = openSync(draft, 'w');
  try {
    let chunk = '';
    for (const line of linesOfHistory(options)) {
      chunk += `${line}\n`;
      if (chunk.length < chunkCharacters) continue;
      writeSync(file, chunk);
      chunk = '';
    }
    writeSync(file, chunk);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
  return path;
}
