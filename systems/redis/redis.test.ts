import { describe, expect, it } from 'vitest';
import { redisOperation } from './operations.ts';
import { statusOf } from './inspect.ts';

describe('an operation on Redis', () => {
  it('is asked for as of the bundled stores, where Redis has the command', () => {
    expect(redisOperation({ op: 'write', key: 'k', value: 1 })?.words).toEqual(['SET', 'k', '1']);
    expect(redisOperation({ op: 'cas', key: 'k', value: [null, 1] })?.words).toEqual([
      ...['SETNX', 'k', '1'],
    ]);
    expect(redisOperation({ op: 'enqueue', key: 'k', value: 1 })).toBeUndefined();
  });

  it('compares and sets by a script', () => {
    const cas = redisOperation({ op: 'cas', key: 'k', value: [1, 2] });
    expect(cas?.words).toEqual(['EVAL', expect.stringContaining('GET'), '1', 'k', '1', '2']);
    expect(cas?.understand({ kind: 'integer', value: 1 })).toEqual({ phase: 'ok', value: [1, 2] });
    expect(cas?.understand({ kind: 'integer', value: 0 })).toMatchObject({ phase: 'fail' });
    expect(cas?.understand({ kind: 'integer', value: 2 })).toBeUndefined();
    expect(cas?.understand({ kind: 'status', text: 'OK' })).toBeUndefined();
  });
});

describe('what Redis says of itself', () => {
  const info = (...lines: string[]): string => ['# Server', ...lines, ''].join('\r\n');

  it('makes a server that serves the leader', () => {
    const text = info('role:master', 'loading:0', 'total_commands_processed:7', 'used_memory:99');
    expect(statusOf('n1', text)).toMatchObject({
      ...{ id: 'n1', role: 'leader', leader: 'n1', term: 0 },
      counters: { commands: 7, memoryBytes: 99, delayedFsyncs: 0 },
    });
  });

  it('knows no leader while the file is loaded, or where another is copied', () => {
    for (const text of [info('role:master', 'loading:1'), info('role:slave', 'loading:0'), '']) {
      const status = statusOf('n1', text);
      expect(status.role).toBe('other');
      expect(status.leader).toBeUndefined();
    }
  });
});
