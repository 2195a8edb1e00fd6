import { UsageError } from './failure.ts';

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `30s`, `500ms`, `2m`, `1h` in milliseconds; never zero. */
export function parseDuration(text: string, what: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text.trim());
  const unitMs = unitsMs[match?.[2] ?? ''];
  if (match === null || unitMs === undefined || Number(match[1]) === 0) {
    throw new UsageError(`expected a duration for ${what} such as 30s, 500ms or 2m, got "${text}"`);
  }
  return Number(match[1]) * unitMs;
}

/** The shortest of these forms for a number of milliseconds. */
export function formatDuration(ms: number): string {
  if (ms % 60_000 === 0 && ms >= 60_000) return `${String(ms / 60_000)}m`;
  if (ms % 1000 === 0 && ms >= 1000) return `${String(ms / 1000)}s`;
  return `${String(ms)}ms`;
}
