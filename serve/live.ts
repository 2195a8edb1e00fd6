import { open, stat } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CheckStream } from '../core/checker.ts';
import { type HistoryEvent, isFaultEvent } from '../core/event.ts';
import type { Validity } from '../core/verdict.ts';
import { historyFile, planFile, readJson } from '../store/run-folder.ts';
import { type Entry, readEntry } from './entry.ts';

/** A run under way, as its page shows it. */
export interface LiveState {
  readonly state: Entry['state'];
  readonly elapsedMs: number;
  readonly ok: number;
  readonly fail: number;
  readonly info: number;
  /** Successful operations in the last second of the history. */
  readonly perSecond: number;
  /** Faults in force. */
  readonly faults: readonly string[];
  /** `valid` is no promise before the end: nothing wrong has been seen yet. */
  readonly verdict: { readonly valid: Validity; readonly summary: string };
}

/** A check that goes along with the run of that plan, where its workload's checker can; null else. */
export type Watch = (plan: unknown) => CheckStream | null;

export interface LiveOptions {
  readonly folder: string;
  readonly watch: Watch;
  readonly signal: AbortSignal;
  readonly intervalMs: number;
}

/** More of a history at once than one look at it should take. */
const mostBytes = 8 * 1024 * 1024;
/** A longer line is skipped: what it says is not worth the memory. */
const longestLine = 32 * 1024 * 1024;

/** Follows a run from its first event, and says how it stands, until it is over or nobody listens. */
export async function* liveStates({
  folder,
  watch,
  signal,
  intervalMs,
}: LiveOptions): AsyncGenerator<LiveState> {
  const tally = tallyOf(await streamFor(folder, watch));
  const tail = tailOf(join(folder, historyFile));
  while (!signal.aborted) {
    const more = await tail.read(mostBytes, (line) => tally.add(line));
    const entry = await readEntry(folder, Date.now());
    if (entry === null) return;
    yield tally.state(entry);
    if (entry.state !== 'running' && !more) return;
    if (!more) await sleep(intervalMs, undefined, { signal }).catch(() => undefined);
  }
}

async function streamFor(folder: string, watch: Watch): Promise<CheckStream | null> {
  try {
    const test = (await readJson(join(folder, planFile))) as { readonly plan?: unknown };
    return watch(test.plan);
  } catch {
    return null;
  }
}

interface Tail {
  /** Hands on every whole line that is new, up to so many bytes; resolves to whether there may be more. */
  read(bytes: number, take: (line: string) => void): Promise<boolean>;
}

function tailOf(path: string): Tail {
  const decoder = new StringDecoder('utf8');
  let offset = 0;
  let rest = '';
  let skipping = false;
  const feed = (text: string, take: (line: string) => void): void => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!skipping) take(line);
      skipping = false;
    }
    if (rest.length > longestLine) {
      rest = '';
      skipping = true;
    }
  };
  return {
    async read(bytes, take) {
      const found = await stat(path).catch(() => null);
      if (found === null || found.size <= offset) return false;
      const file = await open(path, 'r');
      try {
        const size = Math.min(bytes, found.size - offset);
        const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, offset);
        offset += bytesRead;
        feed(decoder.write(buffer.subarray(0, bytesRead)), take);
        return bytesRead > 0 && offset < found.size;
      } finally {
        await file.close();
      }
    },
  };
}

interface Tally {
  add(line: string): void;
  state(entry: Entry): LiveState;
}

function tallyOf(stream: CheckStream | null): Tally {
  const counts = { ok: 0, fail: 0, info: 0 };
  const faults = new Map<number, string>();
  /** When the successes of the last second came. */
  let recent: number[] = [];
  let lastNs = 0;
  let checking = stream;
  let convicted: string | null = null;
  const check = (event: HistoryEvent): void => {
    try {
      const verdict = checking?.next(event) ?? null;
      if (verdict === null) return;
      convicted = verdict.summary;
      checking = null;
    } catch {
      // The run's own check has the last word; this one only looks over its shoulder.
      checking = null;
    }
  };
  return {
    add(line) {
      const event = eventOf(line);
      if (event === null) return;
      lastNs = Math.max(lastNs, event.timeNs);
      check(event);
      if (isFaultEvent(event)) {
        if (event.phase === 'active') faults.set(event.faultId, event.fault.slice(0, 60));
        if (event.phase === 'end' || event.phase === 'failed') faults.delete(event.faultId);
      } else if (event.phase !== 'invoke') {
        counts[event.phase]++;
        if (event.phase === 'ok') recent.push(event.timeNs);
        if (recent.length > 200_000) recent = recent.filter((timeNs) => timeNs > lastNs - 1e9);
      }
    },
    state(entry) {
      recent = recent.filter((timeNs) => timeNs > lastNs - 1e9);
      return {
        ...{ state: entry.state, elapsedMs: lastNs / 1e6, ...counts },
        perSecond: recent.length,
        faults: [...faults.values()].slice(0, 20),
        verdict: verdictOf(entry, convicted, stream !== null),
      };
    },
  };
}

function eventOf(line: string): HistoryEvent | null {
  try {
    const event = JSON.parse(line) as HistoryEvent | null;
    if (typeof event?.timeNs !== 'number') return null;
    const isOwn = isFaultEvent(event)
      ? typeof event.fault === 'string'
      : ['invoke', 'ok', 'fail', 'info'].includes(event.phase);
    return isOwn ? event : null;
  } catch {
    return null;
  }
}

function verdictOf(
  entry: Entry,
  convicted: string | null,
  isChecked: boolean,
): LiveState['verdict'] {
  if (entry.valid !== null) return { valid: entry.valid, summary: entry.reason };
  if (convicted !== null) return { valid: 'invalid', summary: convicted.slice(0, 1000) };
  return isChecked
    ? { valid: 'valid', summary: 'no violation so far' }
    : { valid: 'unknown', summary: 'judged at the end' };
}
