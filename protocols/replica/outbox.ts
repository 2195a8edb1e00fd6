import type { NodeId } from '../../core/node-id.ts';
import type { Passed } from './message.ts';
import type { ReplicaState, Turn } from './state.ts';

/** Bundles end here, so that they fit the frames of any transport: a single message may be larger. */
const mostBundled = 256;
const mostBundledBytes = 2 ** 20;

/**
 * Requests and answers that nodes pass on wait for the end of the turn, and then leave `early`: they speak of
 * nothing on this node's disk.
 */
export function post<Inner>({ outbox }: ReplicaState<Inner>, to: NodeId, message: Passed): void {
  const waiting = outbox.get(to);
  if (waiting === undefined) outbox.set(to, [message]);
  else waiting.push(message);
}

export function sendPosted<Inner, Message>({ state, effects }: Turn<Inner, Message>): void {
  for (const [to, messages] of state.outbox) {
    for (const bundle of bundlesOf(messages)) {
      const [first, second] = bundle;
      if (first === undefined) continue;
      const message =
        second === undefined ? first : ({ kind: 'bundle', messages: bundle } as const);
      effects.push({ kind: 'send', to, message, early: true });
    }
  }
  state.outbox.clear();
}

function bundlesOf(messages: readonly Passed[]): readonly (readonly Passed[])[] {
  let bundle: Passed[] = [];
  let bytes = 0;
  const bundles = [bundle];
  for (const message of messages) {
    const size = sizeOf(message);
    if (bundle.length >= mostBundled || bytes + size > mostBundledBytes) {
      bundle = [];
      bytes = 0;
      bundles.push(bundle);
    }
    bundle.push(message);
    bytes += size;
  }
  return bundles;
}

/** What can be large in it. */
function sizeOf(message: Passed): number {
  if (message.kind === 'forwarded') {
    const { reply } = message;
    return reply.kind === 'ok' && typeof reply.value === 'string' ? reply.value.length : 0;
  }
  const { request } = message;
  const key = 'key' in request ? request.key.length : 0;
  const value = 'value' in request ? request.value.length : 0;
  return request.op === 'cas' ? key + (request.from?.length ?? 0) + request.to.length : key + value;
}
