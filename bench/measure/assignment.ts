import type { CheckerOptions } from '../../checkers/index.ts';
import type { Validity } from '../../core/verdict.ts';
import type { HistoryOptions } from '../histories/history-options.ts';

/** What judges a history, and what is known to come out. */
export interface Question {
  /** The name of one of dtest's checkers. */
  readonly checker: string;
  readonly options: PlainOptions;
  /** Null where nobody knows; then no verdict is called wrong. */
  readonly expected: Validity | null;
}

/** What a checker is told, as plain data: a model goes by its name. */
export interface PlainOptions extends Omit<CheckerOptions, 'model'> {
  readonly model?: string;
}

/** A history in a file. */
export interface Subject extends Question {
  readonly file: string;
  /** The name of one of dtest's formats. */
  readonly format: string;
}

/** What a fresh process is to do. */
export type Assignment = JudgeAssignment | StreamAssignment;

/** Load all subjects, then judge one after another, several times over. */
export interface JudgeAssignment {
  readonly kind: 'judge';
  readonly subjects: readonly Subject[];
  /** How many times all of them are judged in the one process. */
  readonly passes: number;
  readonly limits: Limits;
}

/** Judge a history while it is generated, and weigh what the process holds now and then. */
export interface StreamAssignment {
  readonly kind: 'stream';
  readonly history: HistoryOptions;
  readonly question: Question;
  /** Completed operations from one weighing to the next. */
  readonly weighEvery: number;
  readonly limits: Limits;
}

export interface Limits {
  /** Worker threads of the checker. */
  readonly threads: number;
  /** Null leaves it to the checker. */
  readonly maxSteps: number | null;
}

/** What the process answers, of the last pass: one JSON document on its standard output. */
export interface Measurement {
  /** User and system time of the whole process, all threads and the garbage collector included. */
  readonly cpuMs: number;
  /**
   * The same for reading what the verdicts say after that: 0 where `check` works the evidence out itself,
   * more where it is worked out for whoever looks.
   */
  readonly evidenceMs: number;
  readonly wallMs: number;
  /**
   * The most resident memory meanwhile, above what was resident when it began. For a stream: the
   * most that was live in a weighing, above what was live in the first one.
   */
  readonly peakMb: number;
  /** In the order of the subjects. */
  readonly results: readonly Result[];
}

export interface Result {
  readonly valid: Validity;
  /** Steps of search, null from checkers that count none. */
  readonly steps: number | null;
  /** What decided, in the checker's words; null when it does not say. */
  readonly algorithm: string | null;
  readonly summary: string;
}
