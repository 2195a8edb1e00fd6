import { execa, parseCommandString } from 'execa';
import type { Validity } from '../../core/verdict.ts';
import type { Subject } from './assignment.ts';
import { tellingLine } from './fresh-process.ts';

/** One pass of another checker over the same files. */
export interface OtherPass {
  readonly cpuMs: number;
  readonly peakMb: number;
  /** In the order of the files. */
  readonly verdicts: readonly Validity[];
}

export type OtherAttempt =
  | { readonly kind: 'measured'; readonly pass: OtherPass }
  | { readonly kind: 'failed'; readonly reason: string };

export interface OtherOptions {
  /** Such as `my-checker --model {model} {file}`. */
  readonly command: string;
  readonly passes: number;
  readonly timeoutMs: number;
}

/**
 * Runs another checker's command on the files of one row. It prints one JSON object a line for each pass,
 * `{"verdict": "valid", "cpuMs": 1.5, "peakMb": 3}`, and for several files an array of verdicts. `docs/benchmarks.md`
 * has the contract.
 */
export async function runOther(
  subjects: readonly Subject[],
  { command, passes, timeoutMs }: OtherOptions,
): Promise<OtherAttempt> {
  const [program = '', ...rest] = wordsOf(command, subjects, passes);
  const result = await execa(program, rest, {
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    reject: false,
  });
  if (result.timedOut) return { kind: 'failed', reason: `no answer within ${timeoutMs / 1000} s` };
  if (result.failed)
    return { kind: 'failed', reason: tellingLine(`${result.stderr}\n${result.message ?? ''}`) };
  return parseAnswer(result.stdout, subjects.length);
}

/** The command's words, with what stands in braces filled in; `{file}` becomes a word for each file. */
export function wordsOf(
  command: string,
  subjects: readonly Subject[],
  passes: number,
): readonly string[] {
  const first = subjects[0]?.options;
  const filled: Readonly<Record<string, readonly string[]>> = {
    '{file}': subjects.map(({ file }) => file),
    '{model}': [first?.model ?? subjects[0]?.checker ?? ''],
    '{failed-cas}': [first?.failedCas ?? 'drop'],
    '{passes}': [String(passes)],
  };
  return parseCommandString(command).flatMap((word) => filled[word] ?? [word]);
}

/** Reads the last line, which is that of the last pass. */
export function parseAnswer(output: string, files: number): OtherAttempt {
  const line = output.trim().split('\n').at(-1) ?? '';
  const expected = `{"verdict", "cpuMs", "peakMb"} with ${files} verdicts on the last line`;
  const bad = (): OtherAttempt => ({ kind: 'failed', reason: `expected ${expected}, got ${line}` });
  let answer: Partial<Record<string, unknown>>;
  try {
    answer = JSON.parse(line) as Partial<Record<string, unknown>>;
  } catch {
    return bad();
  }
  const { verdict, cpuMs, peakMb } = answer;
  const verdicts: readonly unknown[] = Array.isArray(verdict) ? verdict : [verdict];
  if (typeof cpuMs !== 'number' || typeof peakMb !== 'number') return bad();
  if (verdicts.length !== files || !verdicts.every(isValidity)) return bad();
  return { kind: 'measured', pass: { cpuMs, peakMb, verdicts } };
}

function isValidity(value: unknown): value is Validity {
  return value === 'valid' || value === 'invalid' || value === 'unknown';
}
