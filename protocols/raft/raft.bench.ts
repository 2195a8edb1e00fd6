import { bench, describe } from 'vitest';
import { nodeIds } from '../../core/node-id.ts';
import type { ConsensusInput } from '../consensus.ts';
import type { RaftMessage } from './messages.ts';
import { raft } from './raft.ts';
import type { RaftState } from './state.ts';

interface Letter {
  readonly from: string;
  readonly to: string;
  readonly message: RaftMessage;
}

/** Three nodes and nothing else: messages arrive and disks sync at once, so that only Raft costs. */
function bareCluster(): { readonly commit: (commands: number) => void } {
  const ids = nodeIds(3);
  const states = new Map<string, RaftState>();
  const written = new Map<string, number>();
  let dirty = new Set<string>();
  let mail: Letter[] = [];
  let nowMs = 0;
  const stateOf = (id: string): RaftState => {
    const state = states.get(id);
    if (state === undefined) throw new Error(`expected one of ${ids.join(', ')}, got ${id}`);
    return state;
  };
  const step = (id: string, input: ConsensusInput<RaftMessage>): void => {
    for (const effect of raft.step(stateOf(id), input, nowMs)) {
      if (effect.kind === 'send') mail.push({ from: id, to: effect.to, message: effect.message });
      if (effect.kind !== 'persist' && effect.kind !== 'compact') continue;
      written.set(id, (written.get(id) ?? 0) + 1);
      dirty.add(id);
    }
  };
  const settle = (): void => {
    while (mail.length > 0 || dirty.size > 0) {
      const [letters, writers] = [mail, dirty];
      [mail, dirty] = [[], new Set()];
      for (const { from, to, message } of letters) step(to, { kind: 'message', from, message });
      for (const id of writers) step(id, { kind: 'persisted', number: written.get(id) ?? 0 });
    }
  };
  const durable = { records: [] };
  for (const self of ids) {
    states.set(self, raft.init({ self, nodes: ids, durable, seed: 1, nowMs, settings: {} }));
  }
  nowMs = raft.wakeAt(stateOf('n1'));
  step('n1', { kind: 'tick' });
  settle();
  let id = 0;
  return {
    commit(commands) {
      for (let made = 0; made < commands; made++) {
        step('n1', { kind: 'propose', id: ++id, command: { op: 'set', key: 'k', value: 'v' } });
      }
      step('n1', { kind: 'tick' });
      settle();
      nowMs += 1;
      if (id % 100_000 !== 0) return;
      for (const each of ids) {
        const index = stateOf(each).appliedIndex;
        step(each, { kind: 'compact', index, machine: 'state' });
      }
      settle();
    },
  };
}

describe('three nodes of Raft commit 1000 commands', () => {
  for (const batch of [1, 10, 100, 1000]) {
    const cluster = bareCluster();
    bench(`${String(batch)} at a time`, () => {
      for (let done = 0; done < 1000; done += batch) cluster.commit(batch);
    });
  }
});
