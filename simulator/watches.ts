import type { Breach, Invariant } from '../core/invariant.ts';
import type { NodeId } from '../core/node-id.ts';

/** All invariants of a system, watching one cluster. */
export interface Watches {
  readonly look: (node: NodeId, state: unknown) => void;
  readonly atRest: (states: ReadonlyMap<NodeId, unknown>) => void;
}

/** Each invariant tells of its first breach only: what follows from one mistake is no news. */
export function watches(
  invariants: readonly Invariant[],
  nowNs: () => number,
  onBreach: (breach: Breach) => void,
): Watches {
  let eyes = invariants.map((each) => ({ name: each.name, watch: each.watch() }));
  const tell = (invariant: string, summary: string, node?: NodeId): void => {
    eyes = eyes.filter(({ name }) => name !== invariant);
    const where = node === undefined ? {} : { node };
    onBreach({ invariant, ...where, timeNs: nowNs(), summary });
  };
  return {
    look(node, state) {
      for (const { name, watch } of eyes) {
        const summary = watch.look(node, state);
        if (summary !== null) tell(name, summary, node);
      }
    },
    atRest(states) {
      for (const { name, watch } of eyes) {
        const summary = watch.atRest?.(states) ?? null;
        if (summary !== null) tell(name, summary);
      }
    },
  };
}
