import { Worker } from 'node:worker_threads';

/** Wakes a thread at a moment. */
export interface Wake {
  /** One moment at a time; a new one takes the place of the last. */
  at(momentNs: number): void;
  onWake(act: () => void): void;
  cancel(): void;
}

/** What the metronome's thread shares with the one that it wakes. */
export interface MetronomeData {
  /** Counts the settings, so that a wait notices a new one. */
  readonly settings: SharedArrayBuffer;
  /** The moment, in nanoseconds of the round's clock; negative to end. */
  readonly alarms: SharedArrayBuffer;
  readonly epochNs: bigint;
}

export const settingPlace = 0;
export const alarmPlace = 0;
export const never = Number.MAX_SAFE_INTEGER;

/** Wakes closer together than this are one: above some thousand operations a second they would cost more. */
const leastGapNs = 100_000;

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

export interface Metronome extends Wake {
  end(): Promise<void>;
}

/** Wakes with a thread of its own. Resolves when that runs. */
export async function metronome(epochNs: bigint, nowNs: () => number): Promise<Metronome> {
  const settings = new SharedArrayBuffer(4);
  const alarms = new SharedArrayBuffer(8);
  const setting = new Int32Array(settings);
  const alarm = new BigInt64Array(alarms);
  const set = (momentNs: number): void => {
    Atomics.store(alarm, alarmPlace, BigInt(Math.ceil(momentNs)));
    Atomics.add(setting, settingPlace, 1);
    Atomics.notify(setting, settingPlace);
  };
  set(never);
  const workerData: MetronomeData = { settings, alarms, epochNs };
  const worker = new Worker(new URL(`./metronome.${extension}`, import.meta.url), { workerData });
  let act = (): void => undefined;
  let isSet = false;
  let lastNs = -Infinity;
  worker.on('message', () => {
    // One that was cancelled may be on its way already.
    if (!isSet) return;
    isSet = false;
    lastNs = nowNs();
    act();
  });
  await new Promise<void>((resolve, reject) =>
    worker.once('online', resolve).once('error', reject),
  );
  return {
    at(momentNs) {
      isSet = true;
      set(Math.max(momentNs, lastNs + leastGapNs));
    },
    onWake: (wanted) => {
      act = wanted;
    },
    cancel() {
      isSet = false;
      set(never);
    },
    async end() {
      set(-1);
      await new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    },
  };
}
