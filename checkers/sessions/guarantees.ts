import type { OpEvent } from '../../core/event.ts';
import type { Operation } from '../../core/history.ts';
import type { Json } from '../../core/json.ts';
import { outcomeOf } from '../findings.ts';
import { valueKey, wordsOf } from '../models/value.ts';
import type { Edge, Name } from './cycle.ts';

/**
 * The session guarantees of Terry et al., "Session Guarantees for Weakly Consistent Replicated Data",
 * 1994, section 3. The first two bind what their own process sees, the others what every process sees.
 */
export const guarantees = [
  'monotonic-reads',
  'read-your-writes',
  'monotonic-writes',
  'writes-follow-reads',
] as const;

export type Guarantee = (typeof guarantees)[number];

interface Seen {
  readonly name: Name;
  readonly words: string;
}

/**
 * All that one process did of one kind, each value once, to say "after all of these" with few edges: the
 * n-th value and gathering point n-1 stand before gathering point n.
 */
interface Gathering {
  readonly kind: 'written' | 'read';
  readonly values: Seen[];
  readonly places: Map<Name, number>;
}

/** What a process has done so far to one register. */
interface Session {
  readonly process: number;
  lastRead: Seen | null;
  lastWrite: Seen | null;
  readonly written: Gathering;
  readonly read: Gathering;
}

/** An operation that counts: one that succeeded, or a write that may have. */
interface Step {
  readonly session: Session;
  readonly seen: Seen;
  readonly event: OpEvent;
}

/**
 * What has to come before what if the wanted guarantees hold for one register, whose values are each
 * written once: a value stands for its write. Linear in the operations, unless processes read again
 * what they overwrote themselves.
 */
export function edgesOf(
  operations: readonly Operation[],
  init: Json,
  wanted: readonly Guarantee[],
): readonly Edge[] {
  const edges: Edge[] = [];
  const sessions = new Map<number, Session>();
  const wants = (guarantee: Guarantee): boolean => wanted.includes(guarantee);
  for (const operation of operations) {
    const step = stepOf(operation, sessions);
    if (step === null) continue;
    const { session, seen } = step;
    if (operation.invoke.op === 'write') {
      edges.push({ kind: 'initial', from: valueKey(init), to: seen.name, process: null });
      if (wants('monotonic-writes')) edges.push(...afterLast(session.lastWrite, step, null));
      if (wants('writes-follow-reads')) edges.push(...afterAll(session.read, step, null));
      // A crashed write may happen at any later time, so nothing need come after it.
      if (outcomeOf(operation) !== 'ok') continue;
      session.lastWrite = seen;
      if (wants('read-your-writes')) edges.push(...gather(session.written, step, session.process));
    } else {
      if (wants('monotonic-reads'))
        edges.push(...afterLast(session.lastRead, step, session.process));
      if (wants('read-your-writes'))
        edges.push(...afterAll(session.written, step, session.process));
      session.lastRead = seen;
      if (wants('writes-follow-reads')) edges.push(...gather(session.read, step, null));
    }
  }
  return edges;
}

function stepOf(operation: Operation, sessions: Map<number, Session>): Step | null {
  const { invoke, complete } = operation;
  const outcome = outcomeOf(operation);
  const isWrite = invoke.op === 'write';
  if (outcome === 'fail' || (!isWrite && outcome !== 'ok')) return null;
  const { process } = invoke;
  const session = sessions.get(process) ?? newSession(process);
  sessions.set(process, session);
  const value = isWrite ? invoke.value : (complete?.value ?? null);
  const words = `${isWrite ? 'wrote' : 'read'} ${wordsOf(value)}`;
  return { session, seen: { name: valueKey(value), words }, event: complete ?? invoke };
}

function newSession(process: number): Session {
  return {
    process,
    lastRead: null,
    lastWrite: null,
    written: { kind: 'written', values: [], places: new Map() },
    read: { kind: 'read', values: [], places: new Map() },
  };
}

/** What must be respected by one process, or by all where it is null. */
type Bound = number | null;

function afterLast(last: Seen | null, step: Step, process: Bound): Edge[] {
  return last === null || last.name === step.seen.name ? [] : [directly(last, step, process)];
}

function directly(before: Seen, { seen, event }: Step, process: Bound): Edge {
  const { words } = seen;
  return {
    kind: 'after',
    from: before.name,
    to: seen.name,
    process,
    words,
    event,
    before: before.words,
  };
}

/** Behind all that was gathered, itself left out. */
function afterAll(gathering: Gathering, step: Step, process: Bound): Edge[] {
  const { values, places } = gathering;
  const { seen, event, session } = step;
  const count = places.get(seen.name) ?? values.length;
  const later = values.slice(count + 1).map((value) => directly(value, step, process));
  if (count === 0) return later;
  const from = pointOf(gathering, session, count);
  return [{ kind: 'afterAll', from, to: seen.name, process, words: seen.words, event }, ...later];
}

function gather(gathering: Gathering, { seen, session }: Step, process: Bound): Edge[] {
  const { values, places } = gathering;
  if (places.has(seen.name)) return [];
  places.set(seen.name, values.length);
  const count = values.push(seen);
  const to = pointOf(gathering, session, count);
  const from = pointOf(gathering, session, count - 1);
  return [
    { kind: 'gathered', from: seen.name, to, process, words: seen.words },
    { kind: 'gathering', from, to, process },
  ];
}

/** No value has such a name, because it is no JSON. */
function pointOf({ kind }: Gathering, { process }: Session, count: number): Name {
  return `~${kind}/${process}/${count}`;
}
