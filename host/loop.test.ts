import { describe, expect, it } from 'vitest';
import type { Effect, Input, Protocol, Reply } from '../core/protocol.ts';
import { decodePayload, encodePayload } from '../wire/frame-payload.ts';
import { byteCodec } from './byte-codec.ts';
import { type Crash, type Loop, loopOf } from './loop.ts';
import { eventLoopSchedule } from './schedule.ts';
import { monotonicMs } from './monotonic.ts';

interface State {
  readonly seen: Input<string>[];
  wakeAtMs: number;
}

type Script = (input: Input<string>, state: State) => Effect<string>[];

interface Stage {
  readonly loop: Loop;
  readonly state: State;
  /** What the loop did, in order. */
  readonly acts: string[];
  readonly crashes: Crash[];
}

/** A loop around a protocol that does what the script says, and a disk that syncs when told to. */
function stage(script: Script, waitingBytes = 0): Stage {
  const state: State = { seen: [], wakeAtMs: Infinity };
  const acts: string[] = [];
  const crashes: Crash[] = [];
  const protocol: Protocol<State, string> = {
    name: 'script',
    init: () => state,
    step(_, input) {
      state.seen.push(input);
      return script(input, state);
    },
    wakeAt: () => state.wakeAtMs,
    status: () => ({ role: 'other', term: 0, commitIndex: 0, appliedIndex: 0 }),
    counters: () => ({}),
    isMessage: (value) => typeof value === 'string',
  };
  const loop = loopOf({
    ...{ protocol, state, nowMs: monotonicMs, schedule: eventLoopSchedule },
    log: {
      persist: (records) => acts.push(`persist ${JSON.stringify(records)}`),
      compact: (snapshot) => acts.push(`compact ${JSON.stringify(snapshot)}`),
      waitingBytes: () => waitingBytes,
    },
    codec: byteCodec,
    send: (to, payload) => acts.push(`send ${to} ${textOf(decodePayload(payload))}`),
    onCrash: (crash) => crashes.push(crash),
  });
  return { loop, state, acts, crashes };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Lets the loop have its turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

const ok: Reply = { kind: 'ok', value: null };
const persist: Effect<string> = { kind: 'persist', records: [1] };
const send = (message: string, early?: boolean): Effect<string> =>
  early === undefined
    ? { kind: 'send', to: 'n2', message }
    : { kind: 'send', to: 'n2', message, early };

describe('the effect loop', () => {
  it('holds whatever follows a persist until that is durable, in order', async () => {
    const { loop, acts } = stage((input) =>
      input.kind === 'request' ? [send('before'), persist, send('after')] : [],
    );
    loop.request({ op: 'get', key: 'k' }, () => undefined);
    await turn();
    expect(acts).toEqual(['send n2 before', 'persist [1]']);
    loop.durable(1);
    expect(acts).toEqual(['send n2 before', 'persist [1]', 'send n2 after']);
  });

  it('holds the effects of later steps too', async () => {
    let steps = 0;
    const { loop, acts } = stage((input) => {
      if (input.kind !== 'message') return [];
      steps++;
      return steps === 1 ? [persist] : [send(`step ${steps}`)];
    });
    for (const text of ['a', 'b', 'c']) loop.message('n2', encodePayload(text));
    await turn();
    expect(acts).toEqual(['persist [1]']);
    loop.durable(1);
    expect(acts.slice(1)).toEqual(['send n2 step 2', 'send n2 step 3']);
  });

  it('releases only what waited for a persist that is durable', async () => {
    const { loop, acts } = stage((input) =>
      input.kind === 'tick' ? [] : input.kind === 'message' ? [persist, send(input.message)] : [],
    );
    loop.message('n2', encodePayload('one'));
    loop.message('n2', encodePayload('two'));
    await turn();
    loop.durable(1);
    expect(acts.filter((act) => act.startsWith('send'))).toEqual(['send n2 one']);
    loop.durable(2);
    expect(acts.filter((act) => act.startsWith('send'))).toHaveLength(2);
  });

  it('lets early effects overtake', async () => {
    const { loop, acts } = stage((input) =>
      input.kind === 'request'
        ? [
            persist,
            send('late'),
            send('early', true),
            { kind: 'reply', id: 1, reply: ok, early: true },
          ]
        : [],
    );
    loop.request({ op: 'get', key: 'k' }, () => acts.push('reply'));
    await turn();
    expect(acts).toEqual(['persist [1]', 'send n2 early', 'reply']);
  });

  it('reports durable persists to the protocol after the effects that they free', async () => {
    const { loop, acts, state } = stage((input) => {
      if (input.kind === 'request') return [persist, send('freed')];
      return input.kind === 'persisted' ? [send(`persisted ${input.number}`)] : [];
    });
    loop.request({ op: 'get', key: 'k' }, () => undefined);
    await turn();
    loop.durable(1);
    await turn();
    expect(acts.slice(1)).toEqual(['send n2 freed', 'send n2 persisted 1']);
    expect(state.seen.at(-1)).toEqual({ kind: 'persisted', number: 1 });
  });

  it('counts a compaction as one persist', async () => {
    const { loop, acts } = stage((input) =>
      input.kind === 'request'
        ? [{ kind: 'compact', snapshot: 's', records: [1] }, persist, send('after')]
        : [],
    );
    loop.request({ op: 'get', key: 'k' }, () => undefined);
    await turn();
    loop.durable(1);
    expect(acts).toEqual(['compact "s"', 'persist [1]']);
    loop.durable(2);
    expect(acts.at(-1)).toBe('send n2 after');
  });

  it('sends what the message was, not what the state has become', async () => {
    const record: { text: string } = { text: 'then' };
    const { loop, acts } = stage((input) =>
      input.kind === 'request'
        ? [persist, { kind: 'send', to: 'n2', message: record as unknown as string }]
        : [],
    );
    loop.request({ op: 'get', key: 'k' }, () => undefined);
    await turn();
    record.text = 'now';
    loop.durable(1);
    expect(acts.at(-1)).toBe('send n2 {"text":"then"}');
  });

  it('takes everything of one turn together', async () => {
    const { loop, state } = stage(() => []);
    for (let at = 0; at < 100; at++) loop.request({ op: 'get', key: 'k' }, () => undefined);
    await turn();
    expect(state.seen).toHaveLength(100);
    expect(loop.stats).toMatchObject({ turns: 1, maxTurnInputs: 100 });
  });

  it('ticks when the protocol wants it, and not before', async () => {
    const { loop, state } = stage((input, current) => {
      if (input.kind === 'tick') current.wakeAtMs = Infinity;
      return [];
    });
    state.wakeAtMs = monotonicMs() + 30;
    const wantedMs = state.wakeAtMs;
    loop.message('n2', encodePayload('hello'));
    while (!state.seen.some((input) => input.kind === 'tick')) await turn();
    expect(monotonicMs()).toBeGreaterThanOrEqual(wantedMs);
  });

  it('passes a cancel on, and drops the reply that comes after it', async () => {
    let replies = 0;
    const { loop, state } = stage((input) =>
      input.kind === 'cancel' ? [{ kind: 'reply', id: input.id, reply: ok }] : [],
    );
    const id = loop.request({ op: 'get', key: 'k' }, () => replies++);
    loop.cancel(id);
    loop.cancel(id);
    await turn();
    expect(state.seen.map(({ kind }) => kind)).toEqual(['request', 'cancel']);
    expect(replies).toBe(0);
  });

  it('refuses bytes that are no message', async () => {
    const { loop, state } = stage(() => []);
    expect(loop.message('n2', encodePayload(5))).toBe(false);
    expect(loop.message('n2', Uint8Array.of(0xc1))).toBe(false);
    expect(loop.message('n2', encodePayload('text'))).toBe(true);
    await turn();
    expect(state.seen).toHaveLength(1);
  });

  it('refuses requests and drops messages while the disk is far behind', async () => {
    const { loop, state } = stage(() => [], 1 << 30);
    const replies: Reply[] = [];
    loop.request({ op: 'get', key: 'k' }, (reply) => replies.push(reply));
    expect(loop.message('n2', encodePayload('text'))).toBe(true);
    await turn();
    expect(replies).toEqual([{ kind: 'refused', reason: 'overloaded' }]);
    expect(state.seen).toEqual([]);
    expect(loop.stats).toMatchObject({ requestsRefused: 1, messagesDropped: 1 });
  });

  it('reports a protocol that throws, with state and input, and does nothing more', async () => {
    const { loop, crashes, state } = stage((input) => {
      if (input.kind === 'request') throw new Error('a bug');
      return [];
    });
    loop.request({ op: 'get', key: 'k' }, () => undefined);
    loop.message('n2', encodePayload('later'));
    await turn();
    expect(crashes).toHaveLength(1);
    expect(crashes[0]).toMatchObject({
      error: new Error('a bug'),
      state,
      input: { kind: 'request' },
    });
    expect(state.seen).toHaveLength(1);
  });

  it('leaves open requests in doubt when it is abandoned', async () => {
    const { loop } = stage(() => []);
    const replies: Reply[] = [];
    loop.request({ op: 'get', key: 'k' }, (reply) => replies.push(reply));
    await turn();
    loop.stop();
    loop.abandon('stopping');
    expect(replies).toEqual([{ kind: 'unknown', reason: 'stopping' }]);
  });
});
