/** Tells the user what goes on; a line at a time. */
export type Report = (message: string) => void;

const beatMs = 2000;

/** Says what is done at once and then every two seconds with the time it has taken, until it is over. */
export async function withProgress<Result>(
  what: string,
  report: Report,
  work: () => Promise<Result>,
): Promise<Result> {
  const startedMs = performance.now();
  report(`${what} …`);
  const beat = setInterval(() => {
    report(`${what} … ${String(Math.round((performance.now() - startedMs) / 1000))} s`);
  }, beatMs);
  try {
    return await work();
  } finally {
    clearInterval(beat);
  }
}
