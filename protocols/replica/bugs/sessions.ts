import { wordsOf } from '../../../core/bug.ts';
import type { ReplicaBug } from '../../bug.ts';
import type { Consensus } from '../../consensus.ts';
import type { Session } from '../../kv/sessions.ts';
import { type NamedCommand, isNamedCommand } from '../command.ts';
import { replicate } from '../replicate.ts';
import { around } from './around.ts';

const retries = wordsOf(
  'register -n 3 --rate 100 --time 10s --read-ratio 0.3 --set sessions=on --nemesis partition,kill:leader,pause:leader,flaky:loss --nemesis-interval 1s',
);

/** What can go wrong with the table that tells a write sent again from a new one. */
export const sessionBugs: readonly ReplicaBug[] = [
  {
    name: 'session-in-memory',
    summary: 'The table of sessions is in the memory of the leader, and gone with it.',
    source: 'CurvineIO/curvine#676',
    anomaly: 'a write takes effect twice',
    hunt: retries,
    // Numbers of a later leader's term are above all those that came before: nothing is a repetition.
    plant: (consensus) =>
      replicate(
        bendCommands(consensus, ({ request, by, ...name }) =>
          'sequence' in request
            ? { ...name, by, request: { ...request, sequence: request.sequence + termOf(by) } }
            : { ...name, by, request },
        ),
      ),
  },
  {
    name: 'session-local-expiry',
    summary: 'Each replica forgets idle sessions by its own clock.',
    source: "Ongaro's dissertation §6.3",
    anomaly: 'replicas disagree on whether a write took effect',
    hunt: retries,
    plant: (consensus) => around(consensus, expiring()),
  },
  {
    name: 'session-any-reply',
    summary:
      'Whatever is not the next number of its session counts as sent before, and gets the last reply.',
    source: "Ongaro's dissertation §6.3",
    anomaly: 'a write that was answered takes no effect',
    hunt: wordsOf(
      'register -n 3 --rate 100 --time 10s --timeout 500ms --read-ratio 0.3 --set sessions=on --nemesis partition,kill,pause --nemesis-interval 1s',
    ),
    plant: anyReply,
  },
];

/** Only what clients of Multi-Paxos see of it has a name of its own. */
export const duplicateSlot: ReplicaBug = {
  name: 'paxos-duplicate-slot',
  summary: 'A command that was chosen in two slots is executed twice.',
  source: 'Made Moderately Complex §2 (perform)',
  anomaly: 'a write takes effect twice',
  hunt: retries,
  plant: (consensus) =>
    replicate(
      bendCommands(consensus, ({ request, ...name }) => {
        const {
          session: _session,
          sequence: _sequence,
          ...bare
        } = { session: 0, sequence: 0, ...request };
        return { ...name, request: bare };
      }),
    ),
};

function bendCommands<Inner, Message>(
  consensus: Consensus<Inner, Message>,
  bend: (command: NamedCommand) => NamedCommand,
): Consensus<Inner, Message> {
  return {
    ...consensus,
    step: (agreement, input, nowMs) =>
      consensus.step(agreement, input, nowMs).map((effect) => {
        if (effect.kind !== 'apply') return effect;
        const entries = effect.entries.map((entry) =>
          isNamedCommand(entry.command) ? { ...entry, command: bend(entry.command) } : entry,
        );
        return { ...effect, entries };
      }),
  };
}

/** A number that rises with the term in which the command was proposed, by more than sequences do. */
function termOf(by: string): number {
  return 2 ** 32 * Number(by.split('/').at(-1));
}

/** The number after the last one may never come: its write was refused, and is in no log. */
function anyReply<Inner, Message>(
  consensus: Consensus<Inner, Message>,
): ReturnType<typeof around<Inner, Message>> {
  let sessions: ReadonlyMap<number, Session> = new Map();
  /** What the step under way has applied, ahead of the table. */
  const latest = new Map<number, number>();
  const bent = bendCommands(consensus, ({ request, ...name }) => {
    if (!('session' in request)) return { ...name, request };
    const { session = 0, sequence = 0 } = request;
    const last = latest.get(session) ?? sessions.get(session)?.sequence ?? 0;
    const isNew = last === 0 || sequence === last + 1;
    if (isNew) latest.set(session, sequence);
    return { ...name, request: isNew ? request : { ...request, sequence: last } };
  });
  return around(bent, ({ machine }) => {
    sessions = machine.sessions.byId;
    latest.clear();
    return () => undefined;
  });
}

const idleMs = 1000;

interface Use {
  readonly session: Session;
  readonly atMs: number;
}

/** When each session was last used, as this node's clock says. */
function expiring(): Parameters<typeof around>[1] {
  const uses = new WeakMap<object, Map<number, Use>>();
  return (state, nowMs) => {
    const own = uses.get(state) ?? new Map<number, Use>();
    uses.set(state, own);
    const { byId } = state.machine.sessions;
    for (const [id, { atMs }] of own) {
      if (nowMs - atMs <= idleMs) continue;
      byId.delete(id);
      own.delete(id);
    }
    return () => {
      for (const [id, session] of state.machine.sessions.byId) {
        if (own.get(id)?.session !== session) own.set(id, { session, atMs: nowMs });
      }
    };
  };
}
