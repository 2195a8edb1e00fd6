/** When the loop's turns come: by Node's event loop, or by the simulator's queue. */
export interface Schedule {
  /** Runs the action after the events that are already due. */
  soon(action: () => void): void;
  /** Runs the action after the delay, unless what it returns is called before. */
  after(delayMs: number, action: () => void): () => void;
}

export const eventLoopSchedule: Schedule = {
  soon: (action) => void setImmediate(action),
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};
