/** Widths of windows that people can read off, in seconds. */
const niceS = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600,
  1200, 1800, 3600, 7200, 14_400, 43_200, 86_400, 604_800,
];

export interface Windows {
  readonly widthS: number;
  readonly count: number;
  /** The window a time falls into, or -1. */
  windowOf(timeS: number): number;
  middleS(window: number): number;
  /** The last window may be cut short by the end of the run. */
  lengthS(window: number): number;
}

/** Windows over the run, some eighty at most, of a width one can name. */
export function windowsOver(endS: number, most = 80): Windows {
  const widthS = niceS.find((each) => endS / each <= most) ?? endS / most;
  const whole = Math.max(1, Math.floor(endS / widthS));
  // A short rest would have too few operations for a rate, and joins the window before it.
  const count = endS / widthS - whole >= 0.5 ? whole + 1 : whole;
  const endOf = (window: number): number => (window === count - 1 ? endS : (window + 1) * widthS);
  return {
    widthS,
    count,
    windowOf: (timeS) =>
      timeS < 0 || timeS > endS ? -1 : Math.min(count - 1, Math.floor(timeS / widthS)),
    middleS: (window) => (window * widthS + endOf(window)) / 2,
    lengthS: (window) => endOf(window) - window * widthS,
  };
}

export function widthInWords(widthS: number): string {
  return widthS < 1 ? `${String(Math.round(widthS * 1000))} ms` : `${String(widthS)} s`;
}

/** Finer windows, for those who zoom in; only where they are finer indeed. */
export function finerWindows(endS: number): Windows[] {
  const base = windowsOver(endS);
  return [400, 1600]
    .map((most) => windowsOver(endS, most))
    .filter(({ widthS }, at, all) => widthS < (all[at - 1] ?? base).widthS);
}
