import type { OpEvent } from '../../../core/event.ts';
import type { Model, ModelOperation } from '../../models/model.ts';
import type { Pending } from './held-events.ts';
import type { LivePart } from './live-part.ts';

/** Who is waiting for an answer, by process. */
export interface OpenCalls {
  begin(event: OpEvent, part: LivePart): void;
  /** The part in which something may be judged now; null when it was not waited for. */
  end(process: number, how: Pending['end'], complete?: OpEvent): LivePart | null;
  processes(): readonly number[];
}

export function createOpenCalls(model: Model): OpenCalls {
  const calls = new Map<number, { readonly pending: Pending; readonly part: LivePart }>();
  return {
    begin(event, part) {
      const pending: Pending = { invoke: event, end: 'under-way', slot: -1 };
      calls.set(event.process, { pending, part });
      part.hold({ kind: 'call', pending });
    },
    end(process, how, complete) {
      const call = calls.get(process);
      calls.delete(process);
      if (call === undefined || call.pending.end === 'given-up') return null;
      const { pending, part } = call;
      pending.end = how;
      if (complete !== undefined) {
        pending.complete = complete;
        expectPart(model, part, pending);
        part.hold({ kind: 'return', pending });
      }
      return part;
    },
    processes: () => [...calls.keys()],
  };
}

/** An operation of which nothing is known but what was asked. */
export function askedBy(event: OpEvent): ModelOperation {
  const { process, op, key = null, value: input } = event;
  return { process, op, key, input, output: null, phase: 'info' };
}

/** Where an operation belongs must not depend on its answer, which comes too late here. */
function expectPart(model: Model, part: LivePart, { invoke, complete }: Pending): void {
  if (complete?.phase !== 'ok') return;
  const key = model.partition({ ...askedBy(invoke), output: complete.value, phase: 'ok' });
  if (key === part.key) return;
  throw new Error(
    `expected the answer at event ${complete.index} to belong to ${String(part.key)} like its ` +
      `question, got ${String(key)}; check the history when it is complete`,
  );
}
