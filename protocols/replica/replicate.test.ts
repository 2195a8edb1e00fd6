import { describe, expect, it } from 'vitest';
import type { Reply, Request } from '../../core/protocol.ts';
import { takeSnapshot } from '../kv/index.ts';
import { mostPending, retryMs } from './state.ts';
import {
  type LoneOptions,
  type LoneReplica,
  fakeReplica,
  loneReplica,
} from './testing/lone-replica.ts';

const set: Request = { op: 'set', key: 'k', value: 'v' };
const incr: Request = { op: 'incr', key: 'k' };
const inSession: Request = { op: 'incr', key: 'k', session: 1, sequence: 1 };
const get: Request = { op: 'get', key: 'k' };
const foreign = { by: 'n2/x/1', number: 1, request: { op: 'set', key: 'k', value: 'theirs' } };
const ok = (value: string | number | null): Reply => ({ kind: 'ok', value });
const refused = (leader?: string): Reply => ({
  ...{ kind: 'refused', reason: 'not-leader' },
  ...(leader === undefined ? {} : { leader }),
});

function led(by: string | undefined, options: LoneOptions = {}): LoneReplica {
  const lone = loneReplica(options);
  lone.leads(by, 1);
  return lone;
}

describe('a leader', () => {
  it('answers a write once its very command is applied at its index', () => {
    const lone = led('n1');
    lone.request(7, set);
    expect(lone.replies.size).toBe(0);
    lone.apply(lone.proposed());
    expect(lone.replies.get(7)).toEqual(ok(null));
    expect(lone.effects.at(-1)).toMatchObject({ kind: 'reply', early: true });
    expect(lone.state.pending.size).toBe(0);
  });

  it('proposes again what another command certainly displaced', () => {
    const lone = led('n1');
    lone.request(7, set);
    lone.apply(foreign);
    expect(lone.replies.size).toBe(0);
    expect(lone.state.agreement.proposals).toHaveLength(2);
    lone.apply(lone.proposed());
    expect(lone.replies.get(7)).toEqual(ok(null));
  });

  it('refuses it instead where forwarding is off, and where a no-op displaced it for another node', () => {
    const off = led('n1', { settings: { forward: 'off' } });
    off.request(7, set);
    off.leads('n2', 2);
    off.apply(foreign);
    expect(off.replies.get(7)).toEqual(refused('n2'));

    const on = led('n1');
    on.hear('n3', { kind: 'forward', boot: 'b', number: 1, oldest: 1, term: 1, request: set });
    on.apply(null);
    expect(on.answers).toMatchObject([{ to: 'n3', number: 1, reply: refused('n1') }]);
  });

  it('does not take a command with the same content for its own', () => {
    const lone = led('n1', { settings: { forward: 'off' } });
    lone.request(7, set);
    lone.apply({ by: 'n1/another-life/1', number: 2, request: set });
    expect(lone.replies.get(7)).toEqual(refused('n1'));
  });

  it('keeps two proposals for one index apart when another leader came between', () => {
    const lone = led('n1');
    lone.request(1, set);
    const first = lone.proposed();
    lone.leads('n2', 2);
    lone.state.agreement.lastIndex = 0;
    lone.leads('n1', 3);
    lone.request(2, { op: 'append', key: 'k', value: 'x' });
    expect(lone.state.agreement.proposals.map(({ index }) => index)).toEqual([1, 1]);
    lone.apply(first);
    expect(lone.replies.get(1)).toEqual(ok(null));
    expect(lone.replies.has(2)).toBe(false);
    lone.state.agreement.lastIndex = 1;
    lone.tick(retryMs);
    lone.apply(lone.proposed());
    expect(lone.replies.get(2)).toEqual(ok(2));
  });

  it('names its proposals after the term that it leads', () => {
    const lone = led('n1');
    lone.request(1, set);
    const first = lone.proposed() as { readonly by: string };
    lone.leads('n2', 2);
    lone.leads('n1', 3);
    lone.request(2, set);
    const second = lone.proposed() as { readonly by: string };
    const names = [first, second].map(({ by }) => by.split('/'));
    expect(names.map(([node, , term]) => [node, term])).toEqual([
      ['n1', '1'],
      ['n1', '3'],
    ]);
    expect(names[0]?.[1]).toBe(names[1]?.[1]);
  });

  it('keeps the order of persists when a step leads to another step', () => {
    const lone = led('n1');
    lone.request(7, set);
    lone.state.agreement.next = [
      { kind: 'apply', entries: [{ index: 1, term: 1, command: foreign }] },
      { kind: 'persist', records: ['of the step under way'] },
    ];
    const before = lone.effects.length;
    lone.tick();
    const kinds = lone.state.agreement.inputs.slice(-2).map(({ kind }) => kind);
    expect(kinds).toEqual(['tick', 'propose']);
    expect(lone.effects[before]).toMatchObject({ kind: 'persist' });
  });

  it('leaves in doubt what is not agreed on in time, and wakes up for that', () => {
    const lone = led('n1');
    lone.request(7, set);
    expect(lone.wakeAt()).toBe(2000);
    lone.tick(1999);
    expect(lone.replies.size).toBe(0);
    lone.tick(1);
    expect(lone.replies.get(7)).toMatchObject({ kind: 'unknown' });
    expect(lone.wakeAt()).toBe(Infinity);
    lone.apply(lone.proposed());
    expect(lone.replies.size).toBe(1);
  });

  it('leaves in doubt what a snapshot passed over, but not what a session makes safe to ask', () => {
    const lone = led('n1');
    lone.request(1, set);
    lone.request(2, inSession);
    const machine = takeSnapshot(lone.state.machine);
    const snapshot = { index: 5, meta: null, machine };
    lone.state.agreement.lastIndex = 5;
    lone.happens({ kind: 'restore', snapshot });
    expect(lone.replies.get(1)).toMatchObject({ kind: 'unknown' });
    expect(lone.replies.has(2)).toBe(false);
    expect(lone.state.agreement.proposals).toHaveLength(3);
    lone.apply(lone.proposed());
    expect(lone.replies.get(2)).toMatchObject({ kind: 'unknown' });
  });

  it('refuses when the agreement has too much under way', () => {
    const lone = led('n1');
    lone.state.agreement.overloaded = true;
    lone.request(7, set);
    expect(lone.replies.get(7)).toEqual({ kind: 'refused', reason: 'overloaded' });
  });

  it('refuses when too many requests wait, and takes more once they are answered', () => {
    const lone = led('n1');
    for (let id = 0; id <= mostPending; id++) lone.request(id, get);
    expect(lone.replies.get(mostPending)).toEqual({ kind: 'refused', reason: 'overloaded' });
    expect(lone.replies.size).toBe(1);
    lone.cancel(0);
    lone.request(mostPending + 1, get);
    expect(lone.replies.size).toBe(1);
    expect(lone.state.pending.size).toBe(mostPending);
  });

  it('forgets who waits when the client is gone, and applies the command all the same', () => {
    const lone = led('n1');
    lone.request(7, set);
    lone.cancel(7);
    lone.cancel(8);
    expect([lone.state.pending.size, lone.state.clients.size, lone.state.proposed.size]).toEqual([
      0, 0, 0,
    ]);
    lone.apply(lone.proposed());
    expect(lone.replies.size).toBe(0);
    expect(lone.state.machine.values.get('k')).toBe('v');
  });
});

describe('a read', () => {
  it('waits until the index it has to see is applied', () => {
    const lone = led('n1');
    lone.state.agreement.readIndex = 2;
    lone.request(7, get);
    lone.apply(foreign);
    expect(lone.replies.size).toBe(0);
    lone.apply(null);
    expect(lone.replies.get(7)).toEqual(ok('theirs'));
    lone.request(8, get);
    expect(lone.replies.get(8)).toEqual(ok('theirs'));
  });

  it('that is confirmed is answered after a snapshot passes over its index', () => {
    const lone = led('n1');
    lone.state.agreement.readIndex = 2;
    lone.request(7, get);
    const machine = takeSnapshot(lone.state.machine);
    lone.happens({ kind: 'restore', snapshot: { index: 3, meta: null, machine } });
    expect(lone.replies.get(7)).toEqual(ok(null));
  });

  it('is answered on any node, and not passed on, where the agreement allows it', () => {
    const lone = led('n2');
    lone.state.agreement.readIndex = 0;
    lone.request(7, get);
    expect(lone.replies.get(7)).toEqual(ok(null));
    expect(lone.forwards).toEqual([]);
  });

  it('is asked again of the new leader', () => {
    const lone = led('n2');
    lone.request(7, get);
    lone.leads('n3', 2);
    expect(lone.forwards.map(({ to }) => to)).toEqual(['n2', 'n3']);
    lone.leads('n1', 3);
    expect(lone.state.agreement.inputs.at(-1)).toMatchObject({ kind: 'read' });
    lone.state.agreement.role = 'follower';
    const id = lone.state.numbers - 2;
    expect(lone.state.pending.has(id)).toBe(true);
    lone.happens({ kind: 'readable', id, index: 0 });
    expect(lone.replies.get(7)).toEqual(ok(null));
  });
});

describe('a follower', () => {
  const answer = (lone: LoneReplica, reply: Reply, from = 'n2'): void => {
    const { boot, number } = lone.forwards.at(-1)!;
    lone.hear(from, { kind: 'forwarded', boot, number, reply });
  };

  it('passes a request on to the leader, and its answer back', () => {
    const lone = led('n2');
    lone.request(7, set);
    expect(lone.forwards).toMatchObject([{ to: 'n2', term: 1, request: set }]);
    expect(lone.effects.at(-1)).toMatchObject({ kind: 'send', early: true });
    answer(lone, ok(5));
    expect(lone.replies.get(7)).toEqual(ok(5));
    answer(lone, ok(6));
    expect(lone.replies.size).toBe(1);
  });

  it('believes no answer from another node, or to another life', () => {
    const lone = led('n2');
    lone.request(7, set);
    answer(lone, ok(5), 'n3');
    const { number } = lone.forwards.at(-1)!;
    lone.hear('n2', { kind: 'forwarded', boot: 'other', number, reply: ok(5) });
    expect(lone.replies.size).toBe(0);
  });

  it('refuses at once, with the leader, where forwarding is off', () => {
    const lone = led('n2', { settings: { forward: 'off' } });
    lone.request(7, set);
    lone.request(8, get);
    expect([...lone.replies.values()]).toEqual([refused('n2'), refused('n2')]);
  });

  it('gives a request that the leader declined to it again, after a while', () => {
    const lone = led('n2');
    lone.request(7, set);
    answer(lone, refused());
    expect(lone.forwards).toHaveLength(1);
    expect(lone.wakeAt()).toBe(retryMs);
    lone.tick(retryMs);
    expect(lone.forwards).toHaveLength(2);
    expect(lone.forwards[1]!.number).toBeGreaterThan(lone.forwards[0]!.number);
    answer(lone, refused());
    lone.tick(2000);
    expect(lone.replies.get(7)).toEqual(refused('n2'));
  });

  it('leaves a write in doubt when another leads, and when no answer comes', () => {
    const lone = led('n2');
    lone.request(7, set);
    lone.leads(undefined, 2);
    expect(lone.replies.size).toBe(0);
    lone.leads('n3', 2);
    expect(lone.replies.get(7)).toMatchObject({ kind: 'unknown' });
    lone.request(8, set);
    lone.tick(2000);
    expect(lone.replies.get(8)).toMatchObject({ kind: 'unknown' });
    expect(lone.state.forwarded.size).toBe(0);
  });

  it('asks a write with a session again of the new leader', () => {
    const lone = led('n2');
    lone.request(7, inSession);
    lone.leads('n3', 2);
    expect(lone.forwards.map(({ to, request }) => [to, request])).toEqual([
      ['n2', inSession],
      ['n3', inSession],
    ]);
    answer(lone, ok(1), 'n3');
    expect(lone.replies.get(7)).toEqual(ok(1));
  });

  it.each(['overloaded', 'no-session', 'not-leader'] as const)(
    'does not call such a write refused when the second attempt was: %s',
    (reason) => {
      const lone = led('n2');
      lone.request(7, inSession);
      lone.leads('n3', 2);
      answer(lone, { kind: 'refused', reason }, 'n3');
      lone.tick(2000);
      expect(lone.replies.get(7)).toMatchObject({ kind: 'unknown' });
    },
  );

  it('passes on what the state machine decided, even of a second attempt', () => {
    const lone = led('n2');
    lone.request(7, inSession);
    lone.leads('n3', 2);
    answer(lone, { kind: 'refused', reason: 'wrong-type' }, 'n3');
    expect(lone.replies.get(7)).toEqual({ kind: 'refused', reason: 'wrong-type' });
  });

  it('that led sends its own proposals on if they have a session, and waits for the others', () => {
    const lone = led('n1');
    lone.request(1, inSession);
    lone.request(2, set);
    const plain = lone.proposed();
    lone.leads('n2', 2);
    expect(lone.forwards.map(({ request }) => request)).toEqual([inSession]);
    lone.apply(foreign, plain);
    expect(lone.replies.get(2)).toEqual(ok(null));
  });

  it('declines what other nodes pass on to it, once', () => {
    const lone = led('n2');
    const message = {
      kind: 'forward',
      boot: 'b',
      number: 1,
      oldest: 1,
      term: 1,
      request: set,
    } as const;
    lone.hear('n3', message);
    lone.hear('n3', message);
    expect(lone.answers).toMatchObject([{ to: 'n3', boot: 'b', number: 1, reply: refused('n2') }]);
  });
});

describe('without a leader, a request', () => {
  it('waits for one', () => {
    const lone = led(undefined);
    lone.request(7, set);
    lone.request(8, get);
    lone.leads('n3', 2);
    expect(lone.forwards.map(({ to }) => to)).toEqual(['n3', 'n3']);
    // Both came up in one turn, and leave together.
    expect(lone.effects.filter(({ kind }) => kind === 'send')).toHaveLength(1);
  });

  it('leaves in bundles that every transport can carry', () => {
    const lone = led(undefined);
    const large: Request = { op: 'set', key: 'k', value: 'v'.repeat(300_000) };
    for (let id = 0; id < 300; id++) lone.request(id, set);
    for (let id = 300; id < 310; id++) lone.request(id, large);
    lone.leads('n3', 2);
    expect(lone.forwards).toHaveLength(310);
    const sizes = lone.effects.flatMap((effect) =>
      effect.kind === 'send' && effect.message.kind === 'bundle'
        ? [effect.message.messages.length]
        : [],
    );
    expect(sizes).toEqual([256, 47, 3, 3]);
  });

  it('is refused after a while: it never entered a log', () => {
    const lone = led(undefined, { settings: { requestTimeoutMs: '300' } });
    lone.request(7, set);
    expect(lone.wakeAt()).toBe(300);
    lone.tick(300);
    expect(lone.replies.get(7)).toEqual(refused());
  });
});

describe('a request from another node', () => {
  const forward = (number: number, request: Request, term = 1) =>
    ({ kind: 'forward', boot: 'b', number, oldest: 1, term, request }) as const;

  it('is proposed once, however often it arrives', () => {
    const lone = led('n1');
    lone.hear('n2', forward(1, incr));
    lone.hear('n2', forward(1, incr));
    lone.hear('n3', forward(1, incr));
    expect(lone.state.agreement.proposals).toHaveLength(2);
    lone.apply(...lone.state.agreement.proposals.map(({ command }) => command));
    expect(lone.answers.map(({ to, reply }) => [to, reply])).toEqual([
      ['n2', ok(1)],
      ['n3', ok(2)],
    ]);
    expect(lone.effects.at(-1)).toMatchObject({ kind: 'send', early: true });
  });

  it('is in doubt when it was sent to an earlier life of this node', () => {
    const lone = led('n1');
    (lone.state as { bootTerm: number }).bootTerm = 1;
    lone.hear('n2', forward(1, incr));
    expect(lone.answers).toMatchObject([{ reply: { kind: 'unknown' } }]);
    lone.hear('n2', forward(2, inSession));
    expect(lone.state.agreement.proposals).toHaveLength(1);
  });

  it('is ignored when no member sent it', () => {
    const lone = led('n1');
    lone.hear('n9', forward(1, incr));
    lone.hear('n1', forward(1, incr));
    expect(lone.state.pending.size).toBe(0);
  });
});

describe('a replica', () => {
  it('makes a snapshot when the log is long enough, and starts from it', () => {
    const lone = led('n1', { settings: { snapshotEntries: '3' } });
    lone.apply(foreign, null, null);
    const input = lone.state.agreement.inputs.at(-1);
    expect(input).toMatchObject({ kind: 'compact', index: 3 });
    if (input?.kind !== 'compact') return;
    lone.apply(null);
    expect(lone.state.counters.snapshotsTaken).toBe(1);
    const snapshot = { index: 3, meta: null, machine: input.machine };
    const restarted = loneReplica({ durable: { snapshot, records: [] } });
    expect(restarted.state.appliedIndex).toBe(3);
    restarted.state.agreement.readIndex = 3;
    restarted.request(1, get);
    expect(restarted.replies.get(1)).toEqual(ok('theirs'));
  });

  it('makes one for much data too, but not more often than the state is worth', () => {
    const lone = led('n1');
    const big = (number: number): unknown => ({
      ...{ by: 'x', number, request: { op: 'set', key: 'k', value: 'x'.repeat(12_000_000) } },
    });
    lone.apply(big(1), big(2));
    expect(lone.state.counters.snapshotsTaken).toBe(0);
    lone.apply(big(3));
    expect(lone.state.counters.snapshotsTaken).toBe(1);
  });

  it.each([
    ['a damaged snapshot', { index: 3, meta: null, machine: 'x' }],
    ['something else', { index: 'x' }],
    ['nothing at all', null],
  ])('refuses to start from %s', (_, snapshot) => {
    expect(() => loneReplica({ durable: { snapshot, records: [] } })).toThrow(/^expected/);
  });

  it.each([
    { forward: 'yes' },
    { requestTimeoutMs: '0' },
    { requestTimeoutMs: '1.5' },
    { snapshotEntries: 'x' },
  ])('refuses to start with the settings %j', (settings) => {
    expect(() => loneReplica({ settings })).toThrow(/^expected the setting/);
  });

  it('changes nothing by what is no command', () => {
    const lone = led('n1');
    const wrong = [null, 5, 'x', {}, { by: 'n2', number: 1 }, { ...foreign, number: -1 }];
    const requests = [{ op: 'get', key: 'k' }, { op: 'set', key: 5, value: 'x' }, { op: 'set' }];
    lone.apply(...wrong, ...requests.map((request) => ({ by: 'n2', number: 1, request })));
    expect(lone.state.machine.values.size).toBe(0);
    expect(lone.state.appliedIndex).toBe(9);
  });

  it('stops rather than apply entries out of order', () => {
    const lone = led('n1');
    const entries = [{ index: 2, term: 1, command: null }];
    expect(() => lone.happens({ kind: 'apply', entries })).toThrow('at index 1');
  });

  it('names its own and the agreement’s counters', () => {
    const lone = led('n2');
    lone.request(1, set);
    const { role, leader } = fakeReplica.status(lone.state);
    const counters = fakeReplica.counters(lone.state);
    expect({ role, leader }).toEqual({ role: 'follower', leader: 'n2' });
    expect(counters).toMatchObject({ fakes: 1, forwardsSent: 1, requestsWaiting: 1, sessions: 0 });
  });
});
