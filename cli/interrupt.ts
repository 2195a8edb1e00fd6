/** The exit code of a process that Ctrl-C ended, as shells give it. */
const interruptedCode = 130;

/**
 * Ctrl-C (and SIGTERM) once: the signal aborts, and what runs ends early and in order. A second time:
 * the process ends at once, after `onSecond`; what is left is found by the next run or `dtest clean`.
 */
export function interruptible(onFirst: () => void): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(interruptedCode);
    controller.abort();
    onFirst();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}
