import { setTimeout as sleep } from 'node:timers/promises';
import { type ProcessEntry, processTable } from './process-table.ts';

/** What a signal should bring about in every process of a group. */
const wanted = {
  SIGKILL: { isDone: (): boolean => false, words: 'be gone' },
  SIGSTOP: { isDone: (entry: ProcessEntry): boolean => entry.isStopped, words: 'be stopped' },
  SIGCONT: { isDone: (entry: ProcessEntry): boolean => !entry.isStopped, words: 'go on' },
};

const deadlineMs = 10_000;
const pollMs = 4;

/**
 * Signals a whole process group and resolves once the signal has had its effect on every member,
 * which takes a moment even for SIGKILL. Harmless where there is no such group any more.
 */
export async function signalGroup(group: number, signal: keyof typeof wanted): Promise<void> {
  const { isDone, words } = wanted[signal];
  const startedMs = performance.now();
  for (;;) {
    // Sent each time: a member may have forked while the first signal was on its way.
    if (!sendToGroup(group, signal)) return;
    const members = (await processTable.all()).filter((entry) => entry.group === group);
    if (members.every(isDone)) return;
    if (performance.now() - startedMs > deadlineMs) {
      const pids = members.filter((entry) => !isDone(entry)).map(({ pid }) => pid);
      throw new Error(
        `expected processes ${pids.join(', ')} to ${words} within ${deadlineMs} ms of ${signal}, ` +
          'but they did not; look at them with ps',
      );
    }
    await sleep(pollMs);
  }
}

/** Whether there was a group to send it to. */
export function sendToGroup(group: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-group, signal);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // EPERM is macOS's answer for a group of which only unreaped processes are left.
    if (code === 'ESRCH' || code === 'EPERM') return false;
    throw error;
  }
}
