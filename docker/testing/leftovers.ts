import Docker from 'dockerode';
import { randomBytes } from 'node:crypto';
import { belongingsOf } from '../remove.ts';

/** What the engine has of a run, as `container 1a2b…` and the like. */
export async function leftoversOf(runId: string): Promise<string[]> {
  const all = await belongingsOf(new Docker());
  return all.filter(({ mark }) => mark.runId === runId).map(({ kind, id }) => `${kind} ${id}`);
}

/** An id that no other test has. */
export function freshRunId(): string {
  return `test-${randomBytes(6).toString('hex')}`;
}
