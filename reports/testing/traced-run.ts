import type { Sighting } from '../../core/nemesis.ts';
import type { Run } from '../../core/run.ts';
import type { NodeStatus } from '../../core/system.ts';
import type { MessageSeen, MessageWindow } from '../messages/message-record.ts';
import { suspicionsOf } from '../operations/suspects.ts';
import type { Traced, Watched } from '../records.ts';
import { invalidRun } from './invalid-run.ts';
import type { SampleOptions } from './sample-run.ts';

const nodes = ['n1', 'n2', 'n3', 'n4', 'n5'];

/** An invalid run whose nodes were watched and whose messages are known, as a simulated one is. */
export function tracedRun(options: SampleOptions = {}): Run & Watched & Traced {
  const run = invalidRun(options);
  const [suspicion] = suspicionsOf(run.results.verdict);
  const window: MessageWindow = {
    name: suspicion?.name ?? '',
    ...{ fromNs: 4.9e9, toNs: 4.94e9, nodes, omitted: 17 },
    messages: Array.from({ length: 120 }, (_, at) => messageAt(at)),
    notes: [{ node: 'n2', timeNs: 4.912e9, text: 'leads term 4' }],
  };
  return { ...run, sightings: sightings(), messages: { schema: 1, windows: [window] } };
}

/** n2 asks the others in turn; every seventh message is lost. */
function messageAt(at: number): MessageSeen {
  const other = nodes[at % 5] ?? 'n1';
  const isAnswer = at % 2 === 1;
  const [from, to] = isAnswer ? [other, 'n2'] : ['n2', other];
  const sentNs = 4.9e9 + at * 3e5;
  return {
    ...{ from, to, sentNs, arrivedNs: at % 7 === 3 ? null : sentNs + 6e5 },
    kind: at % 6 === 0 ? 'heartbeat' : isAnswer ? 'append-reply' : 'append',
    text: `term 4, previousIndex ${String(at)}`,
  };
}

/** n1 leads, stops answering while it is cut off, and n2 leads after an election. */
export function sightings(): Sighting[] {
  const at = (timeS: number, roles: Readonly<Record<string, string>>, term: number): Sighting => ({
    timeNs: timeS * 1e9,
    statuses: Object.fromEntries(
      nodes.map((id): [string, NodeStatus | null] => {
        const role = (roles[id] ?? 'follower') as NodeStatus['role'];
        if ((role as string) === 'silent') return [id, null];
        return [id, { id, role, term, commitIndex: 1, appliedIndex: 1, counters: {} }];
      }),
    ),
  });
  return [
    at(0, { n1: 'leader' }, 1),
    at(4, { n1: 'silent' }, 1),
    at(4.4, { n1: 'silent', n2: 'candidate' }, 2),
    at(4.6, { n1: 'silent', n2: 'leader' }, 2),
    at(9, { n2: 'leader', n4: 'other' }, 2),
  ];
}
