import type { Invariant } from '../../core/invariant.ts';
import type { NodeId } from '../../core/node-id.ts';
import { isSameSet } from './membership.ts';
import type { Leading } from './leading.ts';
import type { PaxosState } from './state.ts';

/**
 * Who decides on a slot follows from the slots up to α before it, which whoever proposes there knows to be
 * chosen (Lamport, Malkhi and Zhou, Reconfiguring a State Machine, 2010, §3.1). Proposers that had different
 * members in mind could each find a quorum.
 */
export const oneConfigurationASlot: Invariant<PaxosState> = {
  name: 'one configuration a slot',
  summary:
    'Whoever proposes in a slot asks the same members (Reconfiguring a State Machine, 2010, §3.1).',
  watch() {
    const membersOf: (readonly NodeId[] | undefined)[] = [];
    /** How far each leader's proposals have been looked at. */
    const seen = new Map<NodeId, { readonly role: Leading; slot: number }>();
    return {
      look(node, { role }) {
        if (role.kind !== 'leading') return null;
        let before = seen.get(node);
        if (before?.role !== role) {
          before = { role, slot: 0 };
          seen.set(node, before);
        }
        for (const { message, last, configuration } of role.batches) {
          const { members } = configuration;
          for (let slot = Math.max(message.from, before.slot + 1); slot <= last; slot++) {
            before.slot = slot;
            const others = (membersOf[slot] ??= members);
            if (others === members || isSameSet(others, members)) continue;
            return `in slot ${slot} ${node} asks ${members.join(', ')}; others were asked before, ${others.join(', ')}`;
          }
        }
        return null;
      },
    };
  },
};
