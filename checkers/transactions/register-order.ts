import { causalOrder } from './causal-order.ts';
import { createGraphBuilder, everyKind } from './dependency-graph.ts';
import { createMarks } from './marks.ts';
import { addProcessOrder } from './order-edges.ts';
import { createAccessReader, forEachUpdate } from './register-access.ts';
import { orderByTime } from './register-time.ts';
import { initial } from './registers.ts';
import { type Sessions, sessionsOf } from './sessions-of.ts';
import { strongComponents } from './strong-components.ts';
import type { VersionEdgesBuilder, VersionReason } from './version-edges.ts';
import { type Accesses, type Passed, addReadsFrom, readAtomicOrder } from './weak-order.ts';

/**
 * What tells the order of the versions of a register, which no read shows by itself. The initial version
 * comes before all others. Each source is sound for the levels at which every order has what it infers:
 * - `update`, from read committed on, since the opposite would be a circular flow of information;
 * - `seen`, where G-single is forbidden: who reads from a transaction sees all of it;
 * - `process` and `causal`, where that is so and a process sees what it did and saw before;
 * - `realtime`, where besides everybody sees what was over before.
 */
export const versionSources: Readonly<
  Record<VersionReason, (accesses: Accesses, edges: VersionEdgesBuilder) => void>
> = {
  update: orderByUpdates,
  seen: (accesses, edges) => readAtomicOrder(accesses, taking(accesses, edges, 'seen')),
  process: orderByProcesses,
  causal: orderByCausality,
  realtime: orderByTime,
};

/** Who passed over what a transaction wrote read a later version. */
function taking(
  { writes }: Accesses,
  edges: VersionEdgesBuilder,
  reason: VersionReason,
): (passed: Passed) => void {
  return ({ other, reader, key, version }) => {
    const before = writes.find(other, key);
    // That nothing is before the initial version shows in the edges from it to all others.
    if (before === null || version === initial) return;
    edges.add({ before, after: version, reason, witness: reader });
  };
}

/** Who reads a key and writes it puts the one version behind the other. */
function orderByUpdates(accesses: Accesses, edges: VersionEdgesBuilder): void {
  forEachUpdate(accesses, (witness, _key, { before, after }) => {
    if (before !== initial) edges.add({ before, after, reason: 'update', witness });
  });
}

/** In a session, the version of a key that was known last comes before the next other one. */
function orderByProcesses(accesses: Accesses, edges: VersionEdgesBuilder): void {
  const { transactions } = accesses.registers;
  const { members, count } = sessionsOf(transactions);
  const known = createMarks(transactions.keys.length);
  const accessesOf = createAccessReader(accesses);
  for (let session = 0; session < count; session++) {
    known.clear();
    const end = members.start[session + 1] ?? 0;
    for (let place = members.start[session] ?? 0; place < end; place++) {
      const witness = members.rows[place] ?? 0;
      accessesOf(witness, (key, after, last) => {
        const before = known.has(key) ? known.get(key) : initial;
        if (before !== initial && before !== after && after !== initial) {
          edges.add({ before, after, reason: 'process', witness });
        }
        known.set(key, last);
      });
    }
  }
}

/** Only where reads and processes make no circle: there, the cycle says it all. */
function orderByCausality(accesses: Accesses, edges: VersionEdgesBuilder): void {
  const { transactions } = accesses.registers;
  const sessions: Sessions = sessionsOf(transactions);
  const builder = createGraphBuilder(transactions.count);
  addProcessOrder(builder, transactions);
  addReadsFrom(builder, accesses);
  const graph = builder.build();
  if (strongComponents(graph, everyKind).count < graph.nodes) return;
  causalOrder(accesses, { sessions, graph }, taking(accesses, edges, 'causal'));
}
