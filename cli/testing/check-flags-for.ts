import type { CheckFlags } from '../check-files.ts';
import type { CheckedFile } from '../check/verdict-text.ts';
import type { CommandOutcome } from '../run-once.ts';

/** What `dtest check` gets when nothing but `given` stands on the command line. */
export function checkFlagsFor(given: Partial<CheckFlags> = {}): CheckFlags {
  return {
    checkers: [],
    model: undefined,
    options: {},
    format: undefined,
    keyed: 'auto',
    maxSteps: undefined,
    maxMemory: undefined,
    timeout: undefined,
    threads: 1,
    stream: false,
    quiet: false,
    json: true,
    ...given,
  };
}

export function filesOf({ json }: CommandOutcome): readonly CheckedFile[] {
  return (json as { readonly files: readonly CheckedFile[] }).files;
}
