import type { Nemesis } from '../core/nemesis.ts';
import { administrated, chooseSuccessor, misfitOfAdministered } from './membership.ts';

const withinMs = 1000;

/**
 * The leader is asked to hand over, in good order: to a healthy member, or to one that some other fault
 * holds back, so that it waits in vain and has to go on.
 */
export const transfer: Nemesis = {
  name: 'transfer',
  summary: 'asks the leader to let another member lead: a healthy one, or one that is held back',
  variants: ['healthy', 'afflicted'],
  isPatient: true,
  misfit: misfitOfAdministered,
  choose(variant, context) {
    const isHeld = variant === 'afflicted';
    const to = chooseSuccessor(context, (node) => context.afflicted.has(node) === isHeld);
    if (to === null) return null;
    const summary = `${context.leader ?? 'whoever leads'} asked to let ${to} lead`;
    return { kind: 'transfer', variant, targets: [], summary, data: { to } };
  },
  inject: ({ data }, cluster) =>
    administrated(cluster).administer({ op: 'transfer', to: data.to as string }, withinMs),
  heal: () => Promise.resolve({}),
};
