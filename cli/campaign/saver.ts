import { join } from 'node:path';
import type { Plan } from '../../core/run.ts';
import { openJournal } from '../../store/journal.ts';
import { type SavedLine, savedFile } from './campaign-folder.ts';
import type { Groups } from './groups.ts';
import type { ResultLine } from './result-line.ts';
import type { Saved, Simulators } from './simulators.ts';

export interface SaverOptions {
  /** The campaign's folder. */
  readonly path: string;
  /** Where the runs go. */
  readonly store: string;
  /** Runs to save of each kind of failure. */
  readonly each: number;
  readonly groups: Groups;
  readonly crew: Simulators;
}

/** Saves the first failing runs of each kind, whole, while the campaign goes on. */
export interface Saver extends AsyncDisposable {
  consider(line: ResultLine, plan: Plan): void;
  /** How many are not saved yet. */
  pending(): number;
  /** Resolves when all that was begun is saved. */
  finished(): Promise<void>;
  /** Runs that could not be saved, or that came out otherwise when they were run again. */
  readonly problems: readonly string[];
}

/** All kinds together: whoever has as many has other worries. */
const mostSaved = 200;

export async function openSaver(options: SaverOptions): Promise<Saver> {
  const { path, store, each, groups, crew } = options;
  const journal = await openJournal<SavedLine>(join(path, savedFile), { goOn: true });
  const problems: string[] = [];
  const saving = new Set<Promise<void>>();
  let begun = 0;
  const save = async (line: ResultLine, plan: Plan): Promise<void> => {
    const saved = await crew.save(plan, store, { campaign: path });
    problems.push(...problemsOf(line, saved));
    if (saved.path === null) return;
    const { combination, seed } = line;
    journal.append({ combination, seed, path: saved.path });
    groups.saved(line, saved.path);
  };
  return {
    problems,
    consider(line, plan) {
      if (line.outcome !== 'invalid' && line.outcome !== 'crashed') return;
      if (groups.sizeOf(line) > each || begun === mostSaved) return;
      begun++;
      const one = save(line, plan);
      saving.add(one);
      // What it rejects with stays in the set, for whoever waits until all is saved.
      one.then(
        () => saving.delete(one),
        () => undefined,
      );
    },
    pending: () => saving.size,
    async finished() {
      await Promise.all(saving);
    },
    [Symbol.asyncDispose]: () => journal[Symbol.asyncDispose](),
  };
}

/** A run that failed must fail again, and in the same way. */
function problemsOf({ outcome, seed, kind }: ResultLine, saved: Saved): readonly string[] {
  const problems = saved.problems.map((problem) => `seed ${seed}: ${problem}`);
  if (outcome === 'invalid' && saved.path !== null && saved.failure !== kind) {
    const again = saved.failure ?? 'no failure';
    problems.push(
      `seed ${seed} came out otherwise when it was run again: ${again} (${saved.path})`,
    );
  }
  return problems;
}
