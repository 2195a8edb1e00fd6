import type { Json } from '../../core/json.ts';

/** An operation of a simulated client. What happens to it is filled in as it happens. */
export interface SimulatedOperation {
  readonly client: number;
  readonly process: number;
  readonly op: string;
  /** Null where the object has one part only. */
  readonly key: number | null;
  readonly input: Json;
  readonly calledAtNs: number;
  /** `Infinity` when it never returns. */
  returnedAtNs: number;
  output: Json;
  phase: 'ok' | 'fail' | 'info';
}

/** One atomic object that all clients share. */
export interface SimulatedObject {
  /** Draws what a client asks for next. */
  propose(client: number): Pick<SimulatedOperation, 'op' | 'key' | 'input'>;
  /** Does it, at its one moment: sets `output`, and `phase` where it fails. */
  apply(operation: SimulatedOperation): void;
}
