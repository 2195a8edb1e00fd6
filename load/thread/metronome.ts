import { parentPort, workerData } from 'node:worker_threads';
import { type MetronomeData, alarmPlace, never, settingPlace } from './wake.ts';
import { threadClock } from './thread-clock.ts';

/**
 * A thread that sleeps until a moment and says so. Timers of an event loop know whole milliseconds; a
 * wait on shared memory ends within some ten microseconds, and costs no CPU meanwhile.
 */
const { settings, alarms, epochNs } = workerData as MetronomeData;
const setting = new Int32Array(settings);
const alarm = new BigInt64Array(alarms);
const nowNs = threadClock(epochNs);

for (;;) {
  const current = Atomics.load(setting, settingPlace);
  const momentNs = Number(Atomics.load(alarm, alarmPlace));
  if (momentNs < 0) break;
  const leftMs = momentNs === never ? Infinity : (momentNs - nowNs()) / 1e6;
  if (leftMs > 0) {
    Atomics.wait(setting, settingPlace, current, leftMs);
    continue;
  }
  parentPort?.postMessage(null);
  // Nothing more until another moment is set.
  Atomics.wait(setting, settingPlace, current);
}
