import type { Answer } from './host.ts';
import type { Surroundings } from './surroundings.ts';
import { InvariantViolation } from './violation.ts';

/** Writes an answer down with its question, and holds reads to linearizability. */
export function recordAnswer<State, Message>(
  world: Surroundings<State, Message>,
  answer: Answer,
): void {
  if (answer.kind === 'administered' || world.errands.has(answer.id)) {
    if (!world.errands.has(answer.id)) throw new Error(`expected an errand, got ${answer.id}`);
    world.errands.set(answer.id, answer);
    return;
  }
  const proposal = world.proposals.get(answer.id);
  if (proposal !== undefined && answer.kind !== 'readable') {
    if (proposal.phase !== 'asked') throw twice(answer, proposal.phase);
    proposal.phase = answer.kind;
    if (answer.kind === 'proposed') proposal.index = answer.index;
    world.ledger.answered(proposal);
    return;
  }
  const reading = world.readings.get(answer.id);
  if (reading === undefined || answer.kind === 'proposed') {
    throw new Error(`expected the answer to a question, got ${answer.kind} for ${answer.id}`);
  }
  if (reading.phase !== 'asked') throw twice(answer, reading.phase);
  reading.phase = answer.kind;
  if (answer.kind !== 'readable') return;
  reading.index = answer.index;
  if (world.options.linearizableReads !== false && answer.index < reading.floor) {
    const detail = `${reading.node} answered at ${answer.index}, ${reading.floor} was committed`;
    throw new InvariantViolation('linearizable reads', detail);
  }
}

function twice(answer: Answer, before: string): InvariantViolation {
  const detail = `${answer.id} was answered ${before}, then ${answer.kind}`;
  return new InvariantViolation('one answer', detail);
}
