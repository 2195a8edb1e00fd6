/** Time as a part sees it: real in local and docker, virtual in the simulator. */
export interface Clock {
  /** Monotonic nanoseconds since some fixed moment; exact as a double for 104 days. */
  nowNs(): number;
  /** Resolves after the delay, or at once when the signal aborts; it never rejects. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
  /** Runs the action after the delay, unless what it returns is called before. */
  after(delayMs: number, act: () => void): () => void;
}
