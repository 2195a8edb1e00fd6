import type { Consensus, ConsensusEffect, ConsensusInput } from '../consensus.ts';
import { compareBallots, isSameBallot } from './ballot.ts';
import type { MessageOf, PaxosMessage } from './messages.ts';
import { paxos } from './paxos.ts';
import type { PaxosRecord } from './records.ts';
import { entryAt, lastSlot, placeEntry } from './slot-log.ts';
import type { PaxosState } from './state.ts';

/** Multi-Paxos with one thing wrong, to try the harness on. `name` is its id among planted bugs. */
export type PaxosMutant = Consensus<PaxosState, PaxosMessage>;

type Input = ConsensusInput<PaxosMessage>;
type Effect = ConsensusEffect<PaxosMessage>;
type Step = PaxosMutant['step'];

/**
 * Every mutant is the correct protocol with its inputs, effects or memory bent on the way, so that
 * the correct code knows nothing of them.
 */
export const paxosMutants: readonly PaxosMutant[] = [
  mutant('paxos-own-value', (state, input, nowMs) =>
    // Phase 1 forgets what it was told, and proposes over it.
    paxos.step(
      state,
      onMessage(input, 'promise', () => ({ reports: [] })),
      nowMs,
    ),
  ),
  {
    ...mutant('paxos-ballot-reuse', (...turn) => paxos.step(...turn)),
    init(options) {
      const records = options.durable.records as readonly PaxosRecord[];
      const kept = records.filter(({ kind }) => kind !== 'promise');
      return paxos.init({ ...options, durable: { ...options.durable, records: kept } });
    },
  },
  mutant('paxos-promise-not-durable', (...turn) =>
    paxos
      .step(...turn)
      .map((effect) => (sends(effect, 'promise') ? { ...effect, early: true } : effect)),
  ),
  mutant('paxos-accepted-not-durable', (...turn) =>
    paxos
      .step(...turn)
      .map((effect) => (sends(effect, 'accepted') ? { ...effect, early: true } : effect)),
  ),
  mutant('paxos-accept-ignores-promise', (state, input, nowMs) => {
    const message = messageOf(input, 'accept');
    const before = state.promised;
    if (message === undefined || compareBallots(message.ballot, before) >= 0) {
      return paxos.step(state, input, nowMs);
    }
    state.promised = message.ballot;
    const effects = paxos.step(state, input, nowMs);
    state.promised = before;
    return effects;
  }),
  mutant('paxos-accept-keeps-promise', (state, input, nowMs) => {
    const before = state.promised;
    const effects = paxos.step(state, input, nowMs);
    const leads = messageOf(input, 'accept') ?? messageOf(input, 'heartbeat');
    if (leads !== undefined) state.promised = before;
    return effects;
  }),
  mutant('paxos-one-ballot-var', (state, input, nowMs) => {
    const { promised } = state;
    return paxos.step(state, input, nowMs).map((effect) =>
      bendSent(effect, 'promise', ({ reports }) => ({
        reports: reports.map(([slot, round, node, command]) =>
          compareBallots(promised, { round, node }) > 0
            ? [slot, promised.round, promised.node, command]
            : [slot, round, node, command],
        ),
      })),
    );
  }),
  mutant('paxos-stale-promise', (state, input, nowMs) => {
    const { role } = state;
    if (role.kind !== 'preparing' || input.kind !== 'message')
      return paxos.step(state, input, nowMs);
    const from = role.pages[input.from] ?? 0;
    const isOwn = (message: MessageOf<'promise'>): boolean => message.ballot.node === state.self;
    const bent = onMessage(input, 'promise', (message) =>
      isOwn(message) && from > 0 ? { ballot: role.ballot, from } : {},
    );
    return paxos.step(state, bent, nowMs);
  }),
  mutant('paxos-flex-disjoint', (state, input, nowMs) => {
    const nodes = state.peers.length + 1;
    const majority = Math.floor(nodes / 2) + 1;
    Object.assign(state, { quorum: state.role.kind === 'leading' ? nodes - majority : majority });
    return paxos.step(state, input, nowMs);
  }),
  mutant('paxos-recover-own-tail', (state, input, nowMs) => {
    const last = lastSlot(state.log);
    const bent = onMessage(input, 'promise', ({ reports }) => ({
      reports: reports.filter(([slot]) => slot <= last),
    }));
    return paxos.step(state, bent, nowMs);
  }),
  mutant('paxos-gap-skip', (state, input, nowMs) => {
    const message = messageOf(input, 'heartbeat');
    if (message !== undefined) fillGaps(state, message);
    return paxos.step(state, input, nowMs);
  }),
  mutant('paxos-old-ballot-learnt', (state, input, nowMs) => {
    const message = messageOf(input, 'heartbeat');
    if (message !== undefined) trustOldBallots(state, message);
    return paxos.step(state, input, nowMs);
  }),
  mutant('paxos-leader-local-read', (state, input, nowMs) =>
    input.kind === 'read' && state.role.kind === 'leading'
      ? [{ kind: 'readable', id: input.id, index: state.chosen }]
      : paxos.step(state, input, nowMs),
  ),
  mutant('paxos-read-before-recovery', (state, input, nowMs) => {
    if (state.role.kind === 'leading') Object.assign(state.role, { barrier: 0 });
    return paxos.step(state, input, nowMs);
  }),
  mutant('paxos-lease-no-grace', (state, input, nowMs) => {
    state.grantedUntilMs = -Infinity;
    if (messageOf(input, 'probe') !== undefined) state.heardMs = -Infinity;
    return paxos.step(state, input, nowMs);
  }),
  mutant('paxos-lease-from-ack', (state, input, nowMs) => {
    const { role } = state;
    const before = role.kind === 'leading' ? role.confirmed : 0;
    const effects = paxos.step(state, input, nowMs);
    if (role.kind === 'leading' && role.confirmed > before) role.sentMs[0] = nowMs;
    return effects;
  }),
  mutant('paxos-gc-forgets', (state, input, nowMs) => {
    const message = messageOf(input, 'prepare') ?? messageOf(input, 'probe');
    const asked = message?.from ?? 0;
    if (message === undefined || asked > state.log.base || input.kind !== 'message') {
      return paxos.step(state, input, nowMs);
    }
    const later = { ...input, message: { ...message, from: state.log.base + 1 } };
    return paxos
      .step(state, later, nowMs)
      .map((effect) => bendSent(effect, 'promise', () => ({ from: asked })));
  }),
];

function mutant(name: string, step: Step): PaxosMutant {
  return { ...paxos, name, step };
}

function messageOf<Kind extends PaxosMessage['kind']>(
  input: Input,
  kind: Kind,
): MessageOf<Kind> | undefined {
  if (input.kind !== 'message' || input.message.kind !== kind) return undefined;
  return input.message as MessageOf<Kind>;
}

function onMessage<Kind extends PaxosMessage['kind']>(
  input: Input,
  kind: Kind,
  bend: (message: MessageOf<Kind>) => Partial<MessageOf<Kind>>,
): Input {
  const message = messageOf(input, kind);
  if (message === undefined || input.kind !== 'message') return input;
  return { ...input, message: { ...message, ...bend(message) } };
}

function sends(effect: Effect, kind: PaxosMessage['kind']): boolean {
  return effect.kind === 'send' && effect.message.kind === kind;
}

function bendSent<Kind extends PaxosMessage['kind']>(
  effect: Effect,
  kind: Kind,
  bend: (message: MessageOf<Kind>) => Partial<MessageOf<Kind>>,
): Effect {
  if (effect.kind !== 'send' || effect.message.kind !== kind) return effect;
  const message = effect.message as MessageOf<Kind>;
  return { ...effect, message: { ...message, ...bend(message) } };
}

/** Takes nothing for an answer in slots that are missing here and chosen elsewhere. */
function fillGaps({ log, chosen }: PaxosState, message: MessageOf<'heartbeat'>): void {
  const through = Math.min(message.chosen, lastSlot(log));
  for (let slot = chosen + 1; slot <= through; slot++) {
    if (entryAt(log, slot) !== undefined) continue;
    placeEntry(log, slot, { ballot: message.ballot, command: null });
  }
}

/** Takes what was accepted in any ballot for chosen, as soon as the slot is. */
function trustOldBallots(state: PaxosState, { ballot, chosen }: MessageOf<'heartbeat'>): void {
  if (compareBallots(ballot, state.promised) < 0) return;
  for (let slot = state.chosen + 1; slot <= chosen; slot++) {
    const entry = entryAt(state.log, slot);
    if (entry === undefined) return;
    if (!isSameBallot(entry.ballot, ballot)) placeEntry(state.log, slot, { ...entry, ballot });
  }
}
