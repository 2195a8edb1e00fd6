import type { Sighting } from '../../core/nemesis.ts';
import type { NodeStatus } from '../../core/system.ts';
import {
  type ChartDefinition,
  type MarkName,
  type Series,
  roundTime,
} from '../charts/definition.ts';
import { type Subject, faultsInWords } from '../charts/subject.ts';
import { count } from '../figures.ts';
import { shorten } from '../markup/visible.ts';

/** A stretch of time in which a node said the same of itself. */
export interface RoleSpan {
  readonly node: string;
  readonly role: Role;
  /** The Raft term or the Paxos ballot's round; null of a node that did not answer. */
  readonly term: number | null;
  readonly fromS: number;
  readonly toS: number;
}

type Role = Extract<MarkName, 'leader' | 'candidate' | 'follower' | 'other' | 'silent'>;

/** Stretches drawn; a longer series says that it shows the first of them. */
const maximumSpans = 4000;
const maximumNodes = 200;

/** What the nodes said of themselves, as stretches, in order of their beginning. */
export function roleSpans(sightings: readonly Sighting[], endS: number): RoleSpan[] {
  const spans: RoleSpan[] = [];
  const current = new Map<string, RoleSpan>();
  const close = (span: RoleSpan, toS: number): void => {
    if (toS > span.fromS) spans.push({ ...span, toS });
  };
  for (const { timeNs, statuses } of sightings) {
    const timeS = Math.max(0, timeNs / 1e9);
    for (const [node, status] of Object.entries(statuses).slice(0, maximumNodes)) {
      const before = current.get(node);
      const now = { node, ...standingOf(status), fromS: timeS, toS: endS };
      if (before?.role === now.role && before.term === now.term) continue;
      if (before !== undefined) close(before, timeS);
      current.set(node, now);
    }
  }
  for (const span of current.values()) close(span, endS);
  return spans.sort((a, b) => a.fromS - b.fromS);
}

function standingOf(status: NodeStatus | null): Pick<RoleSpan, 'role' | 'term'> {
  if (status === null) return { role: 'silent', term: null };
  const { role, term } = status;
  // Terms change for followers too, but who leads is the question; theirs would only crowd the picture.
  return { role, term: role === 'leader' || role === 'candidate' ? term : null };
}

const series: readonly { readonly role: Role; readonly label: string }[] = [
  { role: 'leader', label: 'leads (L, with its term)' },
  { role: 'candidate', label: 'stands for election' },
  { role: 'follower', label: 'follows' },
  { role: 'other', label: 'something else' },
  { role: 'silent', label: 'gave no answer' },
];

/** Who led when, as each node saw itself; null where nobody watched. */
export function rolesChart(
  subject: Subject,
  sightings: readonly Sighting[],
): ChartDefinition | null {
  const all = roleSpans(sightings, subject.endS);
  if (all.length === 0) return null;
  const spans = all.slice(0, maximumSpans);
  const nodes = [...new Set(all.map(({ node }) => node))].sort(byNumber);
  const rows = new Map(nodes.map((node, row) => [node, row]));
  const cut = all.length > spans.length ? `; first ${count(spans.length)} stretches` : '';
  return {
    name: 'roles',
    title: 'Roles of the nodes',
    subtitle: `${subject.line}; as each node saw itself${cut}`,
    description: `Which node led when. ${reignsInWords(all)} ${faultsInWords(subject.bands)}`,
    xLabel: 'time (s)',
    xMax: subject.endS,
    names: nodes.map((node) => shorten(node, 16)),
    yLabel: 'node',
    yUnit: '',
    yScale: 'linear',
    yMin: 0,
    yMax: nodes.length,
    series: series.flatMap(({ role, label }) => seriesOf(role, label, { spans, rows })),
    faults: subject.bands,
  };
}

function seriesOf(
  role: Role,
  label: string,
  { spans, rows }: { readonly spans: readonly RoleSpan[]; readonly rows: Map<string, number> },
): Series[] {
  const mine = spans.filter((span) => span.role === role);
  if (mine.length === 0) return [];
  const names = [...new Set(mine.map(nameOf))];
  const numbers = new Map(names.map((name, at) => [name, at]));
  return [
    {
      ...{ label, mark: role, drawn: 'spans', names },
      x: mine.map(({ fromS }) => roundTime(fromS)),
      xEnd: mine.map(({ toS }) => roundTime(toS)),
      y: mine.map(({ node }) => rows.get(node) ?? 0),
      nameOf: mine.map((span) => numbers.get(nameOf(span)) ?? 0),
    },
  ];
}

function nameOf({ role, term }: RoleSpan): string {
  if (role === 'leader') return `L ${String(term)}`;
  if (role === 'candidate') return `? ${String(term)}`;
  return role === 'silent' ? 'no answer' : '';
}

const maximumReigns = 12;

/** `n2 led term 3 from 0.0 s to 4.1 s; …`: the picture for those who cannot see it. */
export function reignsInWords(spans: readonly RoleSpan[]): string {
  const reigns = spans.filter(({ role }) => role === 'leader');
  if (reigns.length === 0) return 'No node ever said that it led.';
  const words = reigns
    .slice(0, maximumReigns)
    .map(
      ({ node, term, fromS, toS }) =>
        `${shorten(node, 16)} led term ${String(term)} from ${fromS.toFixed(1)} s to ${toS.toFixed(1)} s`,
    );
  const hidden = reigns.length - maximumReigns;
  return `${words.join('; ')}${hidden > 0 ? `; and ${count(hidden)} more` : ''}.`;
}

function byNumber(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}
