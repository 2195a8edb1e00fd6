import type { KvCommand } from '../kv/index.ts';
import { agree } from './agree.ts';
import { type CommandName, isAdministration } from './command.ts';
import { elsewhere } from './route.ts';
import { leaveStage } from './settle.ts';
import type { Pending, Turn } from './state.ts';

/**
 * Sends a request on its way. Reads go to the agreement, which answers local ones on any node; writes
 * go into the log where this node leads, and what concerns the cluster is the agreement's as a whole.
 * The rest goes elsewhere.
 */
export function dispatch<Inner, Message>(turn: Turn<Inner, Message>, pending: Pending): void {
  const { state } = turn;
  const { request } = pending;
  leaveStage(state, pending);
  if (request.op === 'get') {
    pending.stage = { kind: 'asked' };
    agree(turn, { kind: 'read', id: pending.number });
  } else if (isAdministration(request)) {
    pending.stage = { kind: 'asked' };
    agree(turn, { kind: 'administer', id: pending.number, request });
  } else if (state.view.leading) {
    propose(turn, pending, request);
  } else {
    elsewhere(turn, pending, state.view.leader);
  }
}

function propose<Inner, Message>(
  turn: Turn<Inner, Message>,
  pending: Pending,
  request: KvCommand,
): void {
  const { proposer, numbers } = turn.state;
  const name: CommandName = { by: proposer, number: numbers + 1 };
  turn.state.numbers += 1;
  pending.stage = { kind: 'asked', name };
  agree(turn, { kind: 'propose', id: pending.number, command: { ...name, request } });
}

/** Gives out what is queued, once; what comes back to the queue waits for the next time. */
export function giveOut<Inner, Message>(turn: Turn<Inner, Message>): void {
  const { state } = turn;
  turn.retry = false;
  state.retryAtMs = Infinity;
  if (state.view.leader === undefined) return;
  for (const pending of [...state.queue]) dispatch(turn, pending);
}
