import type { Checker } from '../core/checker.ts';
import { type Tally, createTally, verdictOf } from './findings.ts';

/** What one node wrote. The lines are gone through once, and none is kept. */
export interface NodeLog {
  readonly node: string;
  /** The file that the lines come from, if there are several. */
  readonly file?: string;
  readonly lines: Iterable<string>;
}

/** Something that must not stand in a log. */
export interface LogPattern {
  /** What a matching line shows, in a few words. */
  readonly name: string;
  /** Tested against each line by itself; the flags `g` and `y` are of no use. */
  readonly expression: RegExp;
}

export interface LogPatternsOptions {
  /** Asked for once for each check; none by default. */
  readonly logs?: () => Iterable<NodeLog>;
  /** In place of `commonPatterns`. */
  readonly patterns?: readonly LogPattern[];
  /** Lines that match this are passed over. */
  readonly except?: RegExp;
}

/** Longer lines are cut before they are searched, so that no line costs much. */
const mostCharacters = 4096;
/** Characters of a line that are shown. */
const shownCharacters = 200;

/**
 * What programs write when they notice that something is wrong with themselves. Each stands for a
 * phrase that a runtime or a library prints, not for the word "error", which healthy nodes log too.
 */
export const commonPatterns: readonly LogPattern[] = [
  {
    name: 'panic',
    expression:
      /^panic: |^fatal error: |\bpanicked at\b|\[PANIC\]|\bPANIC:|"level":\s?"(?:d?panic|fatal)"/,
  },
  { name: 'data race', expression: /WARNING: DATA RACE|WARNING: ThreadSanitizer/ },
  {
    name: 'memory error',
    expression:
      /\bSIGSEGV\b|segmentation fault|\bSIGABRT\b|AddressSanitizer|UndefinedBehaviorSanitizer|double free or corruption/i,
  },
  {
    name: 'out of memory',
    expression: /java\.lang\.OutOfMemoryError|JavaScript heap out of memory|Out of memory: Killed/,
  },
  {
    name: 'failed assertion',
    expression: /\bAssertionError\b|\bassertion .{0,200}failed|\bassertion failed\b/i,
  },
  { name: 'broken invariant', expression: /\binvariant .{0,200}(violated|violation|broken|fail)/i },
  {
    name: 'corrupt data',
    expression:
      /\b(checksum|crc) (mismatch|error)|\bdata corruption\b|\bcorrupt(ed)? (log|wal|record|snapshot|page)\b/i,
  },
  {
    name: 'uncaught error',
    expression:
      /Uncaught (Exception|\w*Error)|UnhandledPromiseRejection|Exception in thread "|terminate called after throwing/,
  },
];

/**
 * No node wrote a line that shows it broken: a panic, a failed assertion, a broken invariant, corrupt
 * data. The history is not looked at. Time is linear in the size of the logs, for each pattern. After
 * the `log-file-pattern` checker of Jepsen.
 */
export function logPatterns(options: LogPatternsOptions = {}): Checker {
  const { logs = () => [], patterns = commonPatterns, except } = options;
  return {
    name: 'log-patterns',
    summary: `no node logged a ${listed(patterns)}`,
    check() {
      const tallies = patterns.map(({ name }) => [name, createTally()] as const);
      const nodes = new Set<string>();
      let lines = 0;
      for (const log of logs()) {
        nodes.add(log.node);
        let number = 0;
        for (const line of log.lines) {
          number++;
          lines++;
          const text = line.slice(0, mostCharacters);
          const at = patterns.findIndex(({ expression }) => text.search(expression) >= 0);
          const tally = tallies[at]?.[1];
          if (tally === undefined || (except !== undefined && text.search(except) >= 0)) continue;
          addLine(tally, { log, number, text, name: patterns[at]?.name ?? '' });
        }
      }
      return verdictOf({
        checker: 'log-patterns',
        convicting: Object.fromEntries(tallies),
        reservations: lines === 0 ? ['there was no line of any log to look at'] : [],
        praise: `${lines} lines of ${nodes.size} nodes, and none shows a ${listed(patterns)}`,
        details: { nodes: nodes.size, lines },
      });
    },
  };
}

interface Match {
  readonly log: NodeLog;
  readonly number: number;
  readonly text: string;
  readonly name: string;
}

/** The first line of a kind is the one that says most, so later ones are no worse. */
function addLine(tally: Tally, { log: { node, file }, number, text, name }: Match): void {
  const trimmed = text.trim();
  const shown =
    trimmed.length <= shownCharacters ? trimmed : `${trimmed.slice(0, shownCharacters)}…`;
  tally.add({
    severity: 0,
    words: `node ${node} logged a ${name} in line ${number}${file === undefined ? '' : ` of ${file}`}: ${shown}`,
    evidence: { node, file: file ?? null, line: number, text: shown },
  });
}

function listed(patterns: readonly LogPattern[]): string {
  const names = patterns.map(({ name }) => name);
  const last = names.pop() ?? 'line that is wrong';
  return names.length === 0 ? last : `${names.join(', ')} or ${last}`;
}

/** Lines out of pieces of text, such as a file's chunks; a last line without an end counts. */
export function* linesIn(chunks: Iterable<string>): Generator<string> {
  let rest = '';
  for (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line;
    // Nothing behind the part that is searched is of use, and a log may be one endless line.
    if (rest.length > 2 * mostCharacters) rest = rest.slice(0, mostCharacters);
  }
  if (rest !== '') yield rest;
}
