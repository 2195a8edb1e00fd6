/** One line of what the engine says while it builds or pulls. */
export interface EngineEvent {
  readonly stream?: string;
  readonly status?: string;
  readonly id?: string;
  readonly error?: string;
  readonly errorDetail?: { readonly message?: string };
}

/** How many lines of a build's output an error quotes. */
const quotedLines = 15;

/**
 * Gathers what the engine says. A failed build or pull still ends its stream in good order; only an
 * event with `error` tells, so that whoever follows a stream has to ask `failure()` at the end.
 */
export function engineTranscript() {
  const lines: string[] = [];
  let failure: string | undefined;
  return {
    add(event: EngineEvent): void {
      failure ??= event.errorDetail?.message ?? event.error;
      const text = event.stream ?? event.status ?? '';
      lines.push(...text.split(/\r?\n/).filter((line) => line.trim() !== ''));
      lines.splice(0, Math.max(0, lines.length - quotedLines));
    },
    /** What went wrong, with the output before it; undefined when nothing did. */
    failure(): string | undefined {
      if (failure === undefined) return undefined;
      return [failure.trim(), ...lines.map((line) => `  | ${line}`)].join('\n');
    },
  };
}
