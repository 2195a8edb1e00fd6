import { readFileSync, writeFileSync } from 'node:fs';

const bytesPerMb = 1024 * 1024;

/** What is live in this process once the garbage is gone: objects and the buffers of typed arrays. */
export function liveMb(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / bytesPerMb;
}

/** Watches the most memory that was resident in this process. */
export interface PeakMemory {
  /** The peak above what was resident when the watch began, never below 0. */
  aboveMb(): number;
}

/**
 * Watches the peak from now on. Linux can forget the peak so far (proc(5), `clear_refs`), so what
 * loading took is not counted. Elsewhere the mark stays where loading left it, and a check that
 * needs less than loading did shows as 0.
 */
export function watchPeakMemory(): PeakMemory {
  const peakMb = isPeakForgotten() ? highWaterMb : maxResidentMb;
  const startMb = peakMb();
  return { aboveMb: () => Math.max(0, peakMb() - startMb) };
}

/** Collects the garbage of everything before, so that it counts for nothing after. */
export function collectGarbage(): void {
  if (globalThis.gc === undefined) throw new Error('expected node --expose-gc, got none; add it');
  // The last resort gives empty pages back to the system too.
  globalThis.gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}

function isPeakForgotten(): boolean {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
    return true;
  } catch {
    return false;
  }
}

/** Right after the peak is forgotten, this is what is resident now. */
function highWaterMb(): number {
  const match = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  if (match === null) throw new Error('expected VmHWM in /proc/self/status, got none');
  return Number(match[1]) / 1024;
}

function maxResidentMb(): number {
  return process.resourceUsage().maxRSS / 1024;
}
