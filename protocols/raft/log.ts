import type { Command } from '../consensus.ts';
import { type Configuration, type Placed, placed } from './configuration.ts';

/** `command` is null for the no-op that begins a leader's term, and for configurations. */
export interface Entry {
  readonly term: number;
  readonly command: Command;
  readonly configuration?: Configuration;
}

/**
 * The entries after `baseIndex`; those up to it are only in a snapshot any more. Terms never fall
 * from one entry to the next (they are appended by leaders of rising terms).
 */
export interface RaftLog {
  baseIndex: number;
  baseTerm: number;
  readonly entries: Entry[];
  /** The one in force at the base, then those of the entries: what is cut off goes with its entry. */
  readonly configurations: Placed[];
}

export function emptyLog(baseIndex: number, baseTerm: number, first: Configuration): RaftLog {
  return { baseIndex, baseTerm, entries: [], configurations: [placed(baseIndex, first)] };
}

/** The latest one in the log, committed or not, is in force (§6). */
export function configurationOf({ configurations }: RaftLog): Placed {
  return latest(configurations);
}

/** The one in force when the entry at this index, at the base or behind it, was the last. */
export function configurationAt({ configurations }: RaftLog, index: number): Configuration {
  return latest(configurations.filter((each) => each.index <= index)).configuration;
}

function latest(configurations: readonly Placed[]): Placed {
  const last = configurations.at(-1);
  if (last === undefined) throw new Error('expected the log to know the configuration at its base');
  return last;
}

export function lastIndexOf(log: RaftLog): number {
  return log.baseIndex + log.entries.length;
}

export function lastTermOf(log: RaftLog): number {
  return log.entries.at(-1)?.term ?? log.baseTerm;
}

/** The term of the entry at an index; undefined where the log has none or no longer has it. */
export function termAt(log: RaftLog, index: number): number | undefined {
  if (index === log.baseIndex) return log.baseTerm;
  return log.entries[index - log.baseIndex - 1]?.term;
}

export function entryAt(log: RaftLog, index: number): Entry | undefined {
  return log.entries[index - log.baseIndex - 1];
}

/** Puts entries at `index`, cutting off whatever stood there and after it. */
export function appendAt(log: RaftLog, index: number, entries: readonly Entry[]): void {
  const at = index - log.baseIndex - 1;
  if (at < 0 || at > log.entries.length) {
    const range = `${log.baseIndex + 1} to ${lastIndexOf(log) + 1}`;
    throw new Error(`expected to append at an index from ${range}, got ${index}`);
  }
  log.entries.length = at;
  while (configurationOf(log).index >= index) log.configurations.pop();
  for (const entry of entries) {
    log.entries.push(entry);
    if (entry.configuration === undefined) continue;
    log.configurations.push(placed(lastIndexOf(log), entry.configuration));
  }
}

/** Entries from `index` up to `until`, both included. */
export function entriesBetween(log: RaftLog, index: number, until: number): Entry[] {
  return log.entries.slice(index - log.baseIndex - 1, Math.max(0, until - log.baseIndex));
}

/** Forgets the entries up to `index`, which the log must have. */
export function forgetThrough(log: RaftLog, index: number): void {
  if (index <= log.baseIndex) return;
  const term = termAt(log, index);
  if (term === undefined) throw new Error(`expected an entry at ${index}, the log has none`);
  log.entries.splice(0, index - log.baseIndex);
  log.baseIndex = index;
  log.baseTerm = term;
  const { configurations } = log;
  while ((configurations[1]?.index ?? Infinity) <= index) configurations.shift();
}

/** Starts anew behind a snapshot. */
export function startAfter(
  log: RaftLog,
  { index, term, configuration }: { index: number; term: number; configuration: Configuration },
): void {
  log.entries.length = 0;
  log.baseIndex = index;
  log.baseTerm = term;
  log.configurations.length = 0;
  log.configurations.push(placed(index, configuration));
}

/**
 * The last index, at most `index`, whose entry has at most this term, but none before the base: a log
 * that has `term` at `index` may agree with this one up to there, and does not agree after it (§5.3,
 * end: skipping a term at a time; here with a binary search, since terms never fall).
 */
export function lastIndexWithTermUpTo(log: RaftLog, index: number, term: number): number {
  let low = log.baseIndex;
  let high = Math.min(index, lastIndexOf(log));
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((termAt(log, middle) ?? Infinity) <= term) low = middle;
    else high = middle - 1;
  }
  return Math.min(low, index);
}
