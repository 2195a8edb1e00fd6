import { count, digits } from '../../reports/figures.ts';

/** Shows on standard error how far a check is; on nothing but a terminal, where it can be taken back. */
export interface CheckProgress extends Disposable {
  reading(file: string, share: number, events: number): void;
  judging(file: string, share: number): void;
  note(text: string): void;
}

export async function checkProgress({
  quiet,
}: {
  readonly quiet: boolean;
}): Promise<CheckProgress> {
  if (quiet || !process.stderr.isTTY) return silent;
  const { default: ora } = await import('ora');
  const spinner = ora({ stream: process.stderr, discardStdin: false }).start();
  let startMs = performance.now();
  let current = '';
  return {
    reading(file, share, events) {
      if (file !== current) startMs = performance.now();
      current = file;
      const perSecond = events / ((performance.now() - startMs) / 1000);
      spinner.text = `reading ${file} · ${percent(share)} · ${count(events)} events · ${digits(perSecond)} events/s`;
    },
    judging(file, share) {
      spinner.text = `judging ${file} · ${percent(share)}`;
    },
    note(text) {
      spinner.stopAndPersist({ symbol: '·', text });
      spinner.start();
    },
    [Symbol.dispose]: () => void spinner.stop(),
  };
}

function percent(share: number): string {
  return `${String(Math.min(100, Math.floor(share * 100)))} %`;
}

const ignore = (): void => undefined;
const silent: CheckProgress = {
  reading: ignore,
  judging: ignore,
  note: ignore,
  [Symbol.dispose]: ignore,
};
