import { crc32c } from '../host/wal/crc32c.ts';
import { bytesOf } from './byte-strings.ts';
import type { Trace } from './trace.ts';

/** Everything that a run did, a line each, in order. */
export interface Transcript extends Trace {
  readonly events: number;
  readonly draws: number;
  readonly lines: readonly string[];
}

/** About 200 MB of text. */
const mostLines = 2_000_000;

/** Throws when the run is too long to be held in memory. */
export function transcript(): Transcript {
  const lines: string[] = [];
  const counts = { events: 0, draws: 0 };
  const write = (line: string): void => {
    if (lines.length >= mostLines) {
      throw new Error(
        `expected at most ${mostLines} draws, messages and writes to compare, got more; verify a shorter run`,
      );
    }
    lines.push(line);
  };
  return {
    lines,
    get events() {
      return counts.events;
    },
    get draws() {
      return counts.draws;
    },
    event(number, timeNs) {
      counts.events = number;
      write(eventLine(number, timeNs));
    },
    draw(stream, draw) {
      counts.draws++;
      write(`${draw} is drawn from ${stream}`);
    },
    note: (who, what, content) => write(`${who} ${what} ${gistOf(content)}`),
  };
}

function eventLine(number: number, timeNs: number): string {
  return `event ${number} at ${timeNs} ns`;
}

const mostCharacters = 200;

/** Short texts as they are, all else by its sum. */
function gistOf(content: string | Uint8Array): string {
  if (typeof content !== 'string') return `${content.length} bytes of sum ${sumOf(content)}`;
  if (content.length <= mostCharacters) return JSON.stringify(content);
  return `${content.length} characters of sum ${sumOf(bytesOf(content))}`;
}

function sumOf(bytes: Uint8Array): string {
  return crc32c(bytes).toString(16).padStart(8, '0');
}

/** The first thing that one run did and the other did not. */
export interface Difference {
  /** The last event that both began; 0 before the first. */
  readonly event: number;
  readonly timeNs: number;
  /** What each did there; null where it did nothing more. */
  readonly first: string | null;
  readonly second: string | null;
}

/** Null where both did the same. */
export function differenceOf(first: Transcript, second: Transcript): Difference | null {
  const length = Math.max(first.lines.length, second.lines.length);
  let event = 0;
  let timeNs = 0;
  for (let at = 0; at < length; at++) {
    const [one = null, other = null] = [first.lines[at], second.lines[at]];
    if (one !== other) return { event, timeNs, first: one, second: other };
    const begun = one === null ? null : /^event (\d+) at (\d+) ns$/.exec(one);
    if (begun !== null) [event, timeNs] = [Number(begun[1]), Number(begun[2])];
  }
  return null;
}
