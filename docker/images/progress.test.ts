import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withProgress } from './progress.ts';

describe('progress', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('is told at once, then every two seconds, and no longer than the work takes', async () => {
    const said: string[] = [];
    const work = Promise.withResolvers<number>();
    const result = withProgress(
      'building',
      (line) => said.push(line),
      () => work.promise,
    );
    await vi.advanceTimersByTimeAsync(4100);
    work.resolve(7);
    expect(await result).toBe(7);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(said).toEqual(['building …', 'building … 2 s', 'building … 4 s']);
  });

  it('ends when the work fails', async () => {
    const said: string[] = [];
    const failing = withProgress(
      'building',
      (line) => said.push(line),
      () => Promise.reject(new Error('no')),
    );
    await expect(failing).rejects.toThrow('no');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(said).toEqual(['building …']);
  });
});
