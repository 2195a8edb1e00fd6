import type { NodeId } from '../../core/node-id.ts';
import { onAccept, onHeartbeat, onPrepare, onProbe } from './acceptor.ts';
import { onBehind, onPromise, onProbed, onReject } from './election.ts';
import { onTakeOver } from './handover.ts';
import { askCatchUp, onCatchUp, onChosen } from './learner.ts';
import type { PaxosMessage } from './messages.ts';
import { onAccepted } from './proposer.ts';
import { onHeard } from './rounds.ts';
import { onSnapshot } from './snapshot.ts';
import type { Turn } from './turn.ts';

/** What is not from another machine of the cluster, or not from whom it says, is no message. */
export function receive(turn: Turn, from: NodeId, message: PaxosMessage): void {
  if (!turn.state.peers.includes(from) || isImpostor(from, message)) return;
  switch (message.kind) {
    case 'probe':
      onProbe(turn, from, message);
      return;
    case 'probed':
      onProbed(turn, from, message);
      return;
    case 'behind':
      onBehind(turn, from, message);
      return;
    case 'prepare':
      onPrepare(turn, from, message);
      return;
    case 'promise':
      onPromise(turn, from, message);
      return;
    case 'accept':
      onAccept(turn, from, message);
      return;
    case 'accepted':
      onAccepted(turn, from, message);
      return;
    case 'reject':
      onReject(turn, message);
      return;
    case 'heartbeat':
      onHeartbeat(turn, from, message);
      return;
    case 'heard':
      onHeard(turn, from, message);
      return;
    case 'take-over':
      onTakeOver(turn, from, message);
      return;
    case 'knows':
      askCatchUp(turn, from, message.chosen);
      return;
    case 'catch-up':
      onCatchUp(turn, from, message);
      return;
    case 'chosen':
      onChosen(turn, message);
      return;
    case 'snapshot':
      onSnapshot(turn, from, message);
      return;
  }
}

/** Only a ballot's own node proposes in it. */
function isImpostor(from: NodeId, message: PaxosMessage): boolean {
  switch (message.kind) {
    case 'probe':
    case 'prepare':
    case 'accept':
    case 'heartbeat':
    case 'take-over':
      return message.ballot.node !== from;
    default:
      return false;
  }
}
