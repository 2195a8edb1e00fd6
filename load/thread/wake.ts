/** Wakes a thread at a moment. */
export interface Wake {
  /** One moment at a time; a new one takes the place of the last. */
  at(momentNs: number): void;
  onWake(act: () => void): void;
  cancel(): void;
}

/** By a timer, whose moments are whole milliseconds: it wakes up to one late, never early. */
export function timerWake(nowNs: () => number): Wake {
  let timer: NodeJS.Timeout | undefined;
  let act = (): void => undefined;
  return {
    at(momentNs) {
      clearTimeout(timer);
      timer = setTimeout(() => act(), Math.max(0, Math.ceil((momentNs - nowNs()) / 1e6)));
    },
    onWake: (wanted) => {
      act = wanted;
    },
    cancel: () => clearTimeout(timer),
  };
}
