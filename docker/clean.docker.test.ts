import Docker from 'dockerode';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { docker } from './index.ts';
import { belongingsOf } from './remove.ts';
import { askChatter, chatterOptions, startChatter } from './testing/chatter.ts';
import { freshRunId, leftoversOf } from './testing/leftovers.ts';
import { until } from './testing/until.ts';

describe('a clean', { timeout: 120_000 }, () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  const hold = (runId: string) => {
    const script = join(import.meta.dirname, 'testing', 'hold.ts');
    const child = spawn(process.execPath, [script, runId, runId], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    return child;
  };
  const crash = async (child: ChildProcess) => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  const cleanAfter = (owner: string) =>
    docker.clean({ isAlive: (each) => each !== owner, includeKept: false });

  it('removes what a killed run left, and nothing of a run that lives', async () => {
    const options = { ...chatterOptions(freshRunId()), nodes: ['n1', 'n2'] };
    await using living = await startChatter(options);
    const runId = freshRunId();
    const child = hold(runId);
    await once(child.stdout, 'data');
    await crash(child);
    expect(await leftoversOf(runId)).toHaveLength(16);
    expect(await cleanAfter(runId)).toEqual([
      `run ${runId}: removed 10 containers, 5 volumes, 1 network`,
    ]);
    expect(await leftoversOf(runId)).toEqual([]);
    expect(await leftoversOf(options.runId)).toHaveLength(7);
    expect(await askChatter(living.nodes[0]!)).toMatchObject({ id: 'n1' });
  });

  it('removes what a run left that was killed while it started', async () => {
    const runId = freshRunId();
    const child = hold(runId);
    await until(
      'the first things of the run',
      () => leftoversOf(runId),
      (things) => things.some((thing) => thing.startsWith('container')),
    );
    await crash(child);
    expect(await cleanAfter(runId)).toHaveLength(1);
    // What the engine was asked for before the crash may come to be after the first clean.
    await until(
      'nothing more to clean',
      () => cleanAfter(runId),
      (lines) => lines.length === 0,
    );
    expect(await leftoversOf(runId)).toEqual([]);
  });

  it('does not mind that half is gone, nor that another clean is at it', async () => {
    const runId = freshRunId();
    const child = hold(runId);
    await once(child.stdout, 'data');
    await crash(child);
    const all = (await belongingsOf(new Docker())).filter(({ mark }) => mark.runId === runId);
    const half = all.filter(({ kind }, at) => kind === 'container' && at % 2 === 0);
    const removals = half.map((each) => each.remove());
    await Promise.all([
      cleanAfter(runId),
      cleanAfter(runId),
      ...removals.map((each) => each.catch(() => undefined)),
    ]);
    expect(await leftoversOf(runId)).toEqual([]);
    expect(await cleanAfter(runId)).toEqual([]);
  });
});
