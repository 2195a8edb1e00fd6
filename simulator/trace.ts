/** Told of all that happens in a simulation, in order: two runs of one seed must tell the same. */
export interface Trace {
  /** An event begins; they are numbered from 1. */
  event(number: number, timeNs: number): void;
  /** A number is drawn from a stream. */
  draw(stream: string, draw: number): void;
  /** Something it does: who, what, and to which content. */
  note(who: string, what: string, content: string | Uint8Array): void;
  /**
   * A message leaves; what is returned is called when it arrives, as often as it does. For whoever
   * wants to draw messages; it may read the message, but not keep it.
   */
  carries?(from: string, to: string, message: unknown): () => void;
}
