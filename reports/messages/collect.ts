import type { Link } from '../../core/cluster.ts';
import { clip } from '../markup/visible.ts';
import type { Suspicion } from '../operations/suspects.ts';
import type { MessageRecord, MessageSeen, MessageWindow, NodeNote } from './message-record.ts';

/** Listens to a simulation, and keeps what is near one of the stretches that evidence is about. */
export interface MessageCollector {
  /** A message leaves; what is returned is to be told when it arrives. */
  sends(link: Link, timeNs: number, message: unknown): (arrivedNs: number) => void;
  /** A node writes into its log. */
  logs(node: string, timeNs: number, text: string): void;
  finish(): MessageRecord;
}

/** Kept of one stretch: as many as a picture can show. */
const mostMessages = 800;
const mostNotes = 200;
/** Kept while listening, before it is known which are nearest. */
const mostWaiting = 20_000;
/** Beyond the stretch, so that it can be seen what came before and after. */
const marginNs = 5e6;

export function messageCollector(
  suspicions: readonly Suspicion[],
  nodes: readonly string[],
): MessageCollector {
  const all = suspicions.map((suspicion) => listener(suspicion, nodes));
  return {
    sends(link, timeNs, message) {
      const wanting = all.filter((each) => each.wants(timeNs));
      if (wanting.length === 0) return () => undefined;
      const told = tell(message);
      const seen = { ...link, sentNs: timeNs, arrivedNs: null as number | null, ...told };
      for (const each of wanting) each.keep(seen);
      return (arrivedNs) => void (seen.arrivedNs ??= arrivedNs);
    },
    logs(node, timeNs, text) {
      for (const each of all)
        if (each.wants(timeNs)) each.note({ node, timeNs, text: clip(text, 300) });
    },
    finish: () => ({ schema: 1, windows: all.map((each) => each.finish()) }),
  };
}

function listener(suspicion: Suspicion, nodes: readonly string[]) {
  const fromNs = suspicion.fromNs - marginNs;
  const toNs = suspicion.focusToNs + marginNs;
  let messages: MessageSeen[] = [];
  const notes: NodeNote[] = [];
  let omitted = 0;
  return {
    wants: (timeNs: number) => timeNs >= fromNs && timeNs <= toNs,
    keep(message: MessageSeen): void {
      messages.push(message);
      if (messages.length <= mostWaiting) return;
      const kept = nearest(messages, suspicion);
      omitted += messages.length - kept.length;
      messages = kept;
    },
    note(note: NodeNote): void {
      if (notes.length < mostNotes) notes.push(note);
    },
    finish(): MessageWindow {
      const kept = nearest(messages, suspicion);
      omitted += messages.length - kept.length;
      const firstNs = omitted === 0 ? fromNs : (kept[0]?.sentNs ?? fromNs);
      const window = { name: suspicion.name, fromNs: Math.max(0, firstNs), toNs };
      return { ...window, nodes, messages: kept, notes, omitted };
    },
  };
}

/** Those sent nearest to what could not be explained, in the order in which they were sent. */
function nearest(
  messages: readonly MessageSeen[],
  { focusFromNs, focusToNs }: Suspicion,
): MessageSeen[] {
  const distance = ({ sentNs }: MessageSeen): number =>
    Math.max(0, focusFromNs - sentNs, sentNs - focusToNs);
  return [...messages]
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, mostMessages)
    .sort((a, b) => a.sentNs - b.sentNs);
}

/** The kind of the message, of the innermost where one carries another, and its fields in short. */
function tell(message: unknown): { readonly kind: string; readonly text: string } {
  if (typeof message !== 'object' || message === null) return { kind: 'message', text: '' };
  const { kind, message: inner, ...rest } = message as Readonly<Record<string, unknown>>;
  if (typeof inner === 'object' && inner !== null) return tell(inner);
  const text = Object.entries(rest)
    .map(([name, value]) => `${name} ${worded(value)}`)
    .join(', ');
  return { kind: typeof kind === 'string' ? kind : 'message', text: clip(text, 300) };
}

function worded(value: unknown): string {
  if (typeof value === 'string') return clip(value, 60);
  if (Array.isArray(value) && value.length > 4) return `[${String(value.length)} of them]`;
  return (JSON.stringify(value) as string | undefined)?.slice(0, 120) ?? 'undefined';
}
