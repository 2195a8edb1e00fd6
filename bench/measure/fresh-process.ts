import { execa } from 'execa';
import { join } from 'node:path';
import type { Assignment, Measurement } from './assignment.ts';

/** Loading a history of a million operations takes a gigabyte; a search may use some more. */
const heapMb = 12_288;

/** Either figures or why there are none. */
export type Attempt =
  | { readonly kind: 'measured'; readonly pass: Measurement }
  | { readonly kind: 'failed'; readonly reason: string };

/** Does an assignment in a process of its own, so that neither memory nor compiled code is shared. */
export async function inFreshProcess(assignment: Assignment, timeoutMs: number): Promise<Attempt> {
  const result = await execa(
    process.execPath,
    ['--expose-gc', `--max-old-space-size=${heapMb}`, join(import.meta.dirname, 'main.ts')],
    {
      input: JSON.stringify(assignment),
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      reject: false,
      maxBuffer: 1e8,
    },
  );
  if (result.timedOut) return { kind: 'failed', reason: `no answer within ${timeoutMs / 1000} s` };
  if (result.failed) return { kind: 'failed', reason: tellingLine(result.stderr) };
  return { kind: 'measured', pass: JSON.parse(result.stdout) as Measurement };
}

/** Of a stack trace or a heap report the line that says what is wrong. */
export function tellingLine(errors: string): string {
  const lines = errors.split('\n').filter((line) => line.trim() !== '');
  return (
    lines.find((line) => /^\w*Error\b/.test(line)) ??
    lines.find((line) => /\berror\b/i.test(line)) ??
    lines.at(-1) ??
    'no word of what is wrong'
  );
}
