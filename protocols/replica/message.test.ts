import { describe, expect, it } from 'vitest';
import type { Reply, Request } from '../../core/protocol.ts';
import { fakeReplica } from './testing/lone-replica.ts';

const set: Request = { op: 'set', key: 'k', value: 'v' };
const incr: Request = { op: 'incr', key: 'k' };
const inSession: Request = { op: 'incr', key: 'k', session: 1, sequence: 1 };
const get: Request = { op: 'get', key: 'k' };
const ok = (value: string | number | null): Reply => ({ kind: 'ok', value });
const refused: Reply = { kind: 'refused', reason: 'not-leader', leader: 'n1' };

describe('a replica', () => {
  it('knows its messages from hostile ones', () => {
    const forward = { kind: 'forward', boot: 'b', number: 1, oldest: 1, term: 1, request: set };
    const forwarded = { kind: 'forwarded', boot: 'b', number: 1, reply: ok('x') };
    const right: unknown[] = [{ kind: 'agree', message: 'inner' }, forward, forwarded];
    right.push({ kind: 'bundle', messages: [forward, forwarded] });
    for (const reply of [refused, { kind: 'unknown', reason: 'x' }, ok(1), ok(null)]) {
      right.push({ ...forwarded, reply });
    }
    for (const request of [get, incr, inSession, { op: 'cas', key: 'k', from: null, to: '' }]) {
      right.push({ ...forward, request });
    }
    const wrong: unknown[] = [null, 5, 'inner', {}, { kind: 'agree', message: 5 }, { kind: 'x' }];
    for (const messages of [null, 5, [forward, 5], [null], [{ kind: 'bundle', messages: [] }]]) {
      wrong.push({ kind: 'bundle', messages });
    }
    for (const part of [
      { boot: 1 },
      { number: -1 },
      { number: 1.5 },
      { term: '1' },
      { oldest: null },
    ]) {
      wrong.push({ ...forward, ...part });
    }
    for (const request of [
      ...[null, { op: 'get' }, { op: 'set', key: 'k' }, { op: 'set', key: 'k', value: '\u0100' }],
      ...[
        { op: 'cas', key: 'k', to: 'x' },
        { op: 'flushall', key: 'k' },
        { ...incr, session: 'x' },
      ],
    ]) {
      wrong.push({ ...forward, request });
    }
    for (const reply of [
      null,
      { kind: 'ok', value: {} },
      { kind: 'refused', reason: 'x' },
      { kind: 'unknown' },
    ]) {
      wrong.push({ ...forwarded, reply });
    }
    expect(right.filter((each) => !fakeReplica.isMessage(each))).toEqual([]);
    expect(wrong.filter((each) => fakeReplica.isMessage(each))).toEqual([]);
  });
});
