import type { Validity } from '../core/verdict.ts';
import type { Row, Source } from './goals/row.ts';
import type { Limits, Measurement, Result, Subject } from './measure/assignment.ts';
import { type Attempt, inFreshProcess } from './measure/fresh-process.ts';
import { type OtherAttempt, type OtherPass, runOther } from './measure/other.ts';
import type { HistoryFiles } from './histories/history-files.ts';
import { median } from './statistics.ts';

export interface Setup {
  readonly files: HistoryFiles;
  readonly limits: Limits;
  /** Another checker's command, to be run in alternation. */
  readonly other: string | null;
  /** How often each row is measured; the median counts. */
  readonly runs: number;
  readonly timeoutMs: number;
  /** Told now and then how many of a row's many files are done. */
  readonly onFiles: (done: number, files: number) => void;
}

/** What came of one row. */
export interface RowResult {
  readonly row: Row;
  /** Null where nothing was measured; then `note` says why. */
  readonly ours: Figures | null;
  readonly other: Figures | null;
  readonly note: string | null;
}

/** Medians over all runs. */
export interface Figures {
  readonly cpuMs: number;
  /** Null for another checker. */
  readonly evidenceMs: number | null;
  readonly peakMb: number;
  readonly runs: number;
  readonly verdicts: Verdicts;
  /** Null where nothing is counted. */
  readonly steps: number | null;
  readonly algorithms: readonly string[];
}

export interface Verdicts {
  readonly files: number;
  readonly right: number;
  readonly wrong: number;
  readonly unknown: number;
  /** The one verdict of a row of one file. */
  readonly only: Validity | null;
}

/** A row that takes longer than this is measured once. */
const onceAboveMs = 8_000;

/** Measures a row: this checker and the other in turn, each in a fresh process every time. */
export async function runRow(row: Row, setup: Setup): Promise<RowResult> {
  const { work } = row;
  switch (work.kind) {
    case 'absent':
      return { row, ours: null, other: null, note: work.reason };
    case 'stream': {
      const { history, question } = work;
      const { limits, timeoutMs } = setup;
      const weighEvery = history.operations / 10;
      const assignment = { kind: 'stream', history, question, weighEvery, limits } as const;
      const attempt = await inFreshProcess(assignment, timeoutMs);
      return resultOf(row, [attempt], [question.expected]);
    }
    case 'each':
      return await runEach(row, work.sources, setup);
    case 'together':
      return await runTogether(row, work, setup);
  }
}

async function runTogether(
  row: Row,
  { sources, passes }: { readonly sources: readonly Source[]; readonly passes: number },
  { files, limits, other, runs, timeoutMs }: Setup,
): Promise<RowResult> {
  using subjects = files.of(sources);
  const expected = subjects.list.map((subject) => subject.expected);
  const ours: Attempt[] = [];
  const theirs: OtherAttempt[] = [];
  for (let run = 0; run < runs; run++) {
    if (isWorthARun(ours)) {
      const assignment = { kind: 'judge', subjects: subjects.list, passes, limits } as const;
      ours.push(await inFreshProcess(assignment, timeoutMs));
    }
    if (other !== null && isWorthARun(theirs)) {
      theirs.push(await runOther(subjects.list, { command: other, passes, timeoutMs }));
    }
  }
  const result = resultOf(row, ours, expected);
  return other === null ? result : withOther(result, theirs, expected);
}

/** Once more, unless the last time failed, came to nothing or took long. */
function isWorthARun(attempts: readonly (Attempt | OtherAttempt)[]): boolean {
  const last = attempts.at(-1);
  if (last === undefined) return true;
  if (last.kind === 'failed' || last.pass.cpuMs > onceAboveMs) return false;
  const { pass } = last;
  const verdicts = 'verdicts' in pass ? pass.verdicts : pass.results.map(({ valid }) => valid);
  return !verdicts.includes('unknown');
}

const filesBetweenNews = 25;

/** Every file in a process of its own, once. */
async function runEach(
  row: Row,
  sources: readonly Source[],
  { files, limits, timeoutMs, onFiles }: Setup,
): Promise<RowResult> {
  const results: Result[] = [];
  const notes: string[] = [];
  const expected: (Validity | null)[] = [];
  let cpuMs = 0;
  let evidenceMs = 0;
  let peakMb = 0;
  using subjects = files.of(sources);
  for (const subject of subjects.list) {
    const assignment = { kind: 'judge', subjects: [subject], passes: 1, limits } as const;
    const attempt = await inFreshProcess(assignment, timeoutMs);
    expected.push(subject.expected);
    if (expected.length % filesBetweenNews === 0) onFiles(expected.length, subjects.list.length);
    if (attempt.kind === 'failed') {
      notes.push(`${nameOf(subject)}: ${attempt.reason}`);
      results.push({ valid: 'unknown', steps: null, algorithm: null, summary: '' });
      continue;
    }
    cpuMs = Math.max(cpuMs, attempt.pass.cpuMs);
    evidenceMs = Math.max(evidenceMs, attempt.pass.evidenceMs);
    peakMb = Math.max(peakMb, attempt.pass.peakMb);
    results.push(...attempt.pass.results);
    const verdict = attempt.pass.results[0]?.valid;
    if (verdict !== subject.expected) notes.push(`${nameOf(subject)} is ${String(verdict)}`);
  }
  const ours = figuresOf([{ cpuMs, evidenceMs, peakMb, wallMs: 0, results }], expected);
  return { row, ours, other: null, note: notes.length === 0 ? null : notes.join('; ') };
}

function nameOf({ file }: Subject): string {
  return file.split('/').slice(-2).join('/');
}

function resultOf(
  row: Row,
  attempts: readonly Attempt[],
  expected: readonly (Validity | null)[],
): RowResult {
  const passes = attempts.flatMap((each) => (each.kind === 'measured' ? [each.pass] : []));
  const failure = attempts.find((each) => each.kind === 'failed');
  const ours = passes.length === 0 ? null : figuresOf(passes, expected);
  return { row, ours, other: null, note: failure?.reason ?? null };
}

function withOther(
  result: RowResult,
  attempts: readonly OtherAttempt[],
  expected: readonly (Validity | null)[],
): RowResult {
  const passes = attempts.flatMap((each) => (each.kind === 'measured' ? [each.pass] : []));
  const failure = attempts.find((each) => each.kind === 'failed');
  const theirs = failure === undefined ? [] : [`the other checker: ${failure.reason}`];
  const notes = [...(result.note === null ? [] : [result.note]), ...theirs];
  const note = notes.length === 0 ? null : notes.join('; ');
  return { ...result, note, other: passes.length === 0 ? null : othersFigures(passes, expected) };
}

function figuresOf(
  passes: readonly Measurement[],
  expected: readonly (Validity | null)[],
): Figures {
  const results = passes.flatMap((pass) => pass.results);
  const first = passes[0]?.results ?? [];
  const steps = first.map((result) => result.steps);
  return {
    ...medians(passes),
    evidenceMs: median(passes.map(({ evidenceMs }) => evidenceMs)),
    // A verdict that differs between runs must show: each run's are counted, then the worst is kept.
    verdicts: worstOf(
      passes.map((pass) =>
        verdictsOf(
          pass.results.map(({ valid }) => valid),
          expected,
        ),
      ),
    ),
    steps: steps.includes(null) ? null : steps.reduce<number>((sum, each) => sum + (each ?? 0), 0),
    algorithms: [
      ...new Set(results.flatMap(({ algorithm }) => algorithm?.split(', ') ?? [])),
    ].sort(),
  };
}

function othersFigures(
  passes: readonly OtherPass[],
  expected: readonly (Validity | null)[],
): Figures {
  return {
    ...medians(passes),
    evidenceMs: null,
    verdicts: worstOf(passes.map((pass) => verdictsOf(pass.verdicts, expected))),
    steps: null,
    algorithms: [],
  };
}

function medians(
  passes: readonly { readonly cpuMs: number; readonly peakMb: number }[],
): Pick<Figures, 'cpuMs' | 'peakMb' | 'runs'> {
  return {
    cpuMs: median(passes.map(({ cpuMs }) => cpuMs)),
    peakMb: median(passes.map(({ peakMb }) => peakMb)),
    runs: passes.length,
  };
}

export function verdictsOf(
  verdicts: readonly Validity[],
  expected: readonly (Validity | null)[],
): Verdicts {
  const isWrong = (verdict: Validity, at: number): boolean => {
    const truth = expected[at] ?? null;
    return verdict !== 'unknown' && truth !== null && verdict !== truth;
  };
  const unknown = verdicts.filter((verdict) => verdict === 'unknown').length;
  const wrong = verdicts.filter(isWrong).length;
  const right = verdicts.length - unknown - wrong;
  const only = verdicts.length === 1 ? (verdicts[0] ?? null) : null;
  return { files: verdicts.length, right, wrong, unknown, only };
}

function worstOf(all: readonly Verdicts[]): Verdicts {
  const [first] = all.toSorted(
    (one, other) => other.wrong - one.wrong || other.unknown - one.unknown,
  );
  if (first === undefined) throw new Error('expected at least one run, got none');
  return first;
}
