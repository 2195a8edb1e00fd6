import { describe, expect, it } from 'vitest';
import { rngOf } from '../core/rng.ts';
import { type SingleState, single } from '../host/testing/single.ts';
import type { RespConnection } from '../wire/resp-line.ts';
import { calmConditions } from './conditions.ts';
import { type Machine, machine } from './machine.ts';
import { parcelCodec } from './parcels.ts';
import { type Simulation, simulation } from './virtual-time.ts';

interface Bench {
  readonly time: Simulation;
  readonly own: Machine;
  readonly sent: { readonly to: string; readonly atMs: number }[];
  readonly dial: () => Promise<RespConnection>;
  /** SET key value, with what came of it. */
  readonly set: (
    line: RespConnection,
    key: string,
    value: string,
    timeoutMs?: number,
  ) => Promise<string>;
  /** As the running process has it; null where there is none. */
  readonly get: (key: string) => string | null;
  readonly sleep: (ms: number) => Promise<void>;
}

/** A machine that has booted, with a store that keeps what it was told and talks to a peer of it. */
async function booted(work: (bench: Bench) => Promise<void>, syncMs = 2): Promise<void> {
  const time = simulation();
  const sent: Bench['sent'] = [];
  const own = machine({
    ...{ id: 'n1', nodes: ['n1', 'n2'], simulation: time, protocol: single, rng: rngOf(1) },
    conditions: { ...calmConditions, disk: { syncMs: [syncMs, syncMs], segmentBytes: 300 } },
    settings: { gossip: 'on' },
    codec: parcelCodec(),
    send: (to) => void sent.push({ to, atMs: time.nowNs() / 1e6 }),
    onTurn: () => undefined,
  });
  const dial = (): Promise<RespConnection> => own.dial(1000);
  const ask = async (line: RespConnection, words: string[], timeoutMs: number) => {
    const answer = await line.ask([words], timeoutMs);
    return answer.kind === 'lost' ? answer.reason : JSON.stringify(answer.replies);
  };
  await time.run(async () => {
    await own.start();
    await time.clock.sleep(100);
    await work({
      ...{ time, own, sent, dial },
      set: (line, key, value, timeoutMs = 500) => ask(line, ['SET', key, value], timeoutMs),
      get: (key) => (own.state as SingleState | undefined)?.values.get(key) ?? null,
      sleep: (ms) => time.clock.sleep(ms),
    });
    await own.kill();
  });
}

const ok = '[{"kind":"status","text":"OK"}]';

describe('a machine', () => {
  it('answers what is durable, and has it again after kill and power loss', () =>
    booted(async ({ own, dial, set, get, sleep }) => {
      expect(await set(await dial(), 'a', '1')).toBe(ok);
      for (const stop of [() => own.kill(), () => own.losePower()]) {
        await stop();
        expect(await own.isRunning()).toBe(false);
        await own.start();
        await sleep(100);
        expect(get('a')).toBe('1');
      }
      expect((await own.inspect()).counters.walPersists).toBe(0);
    }));

  it('hangs up on its clients when it ends, and takes no new ones until it is back', () =>
    booted(async ({ own, dial, set }) => {
      const line = await dial();
      const answer = set(line, 'a', '1');
      await own.kill();
      expect(await answer).toBe('the server closed the connection');
      expect(line.isOpen).toBe(false);
      await expect(dial()).rejects.toThrow('connection refused');
    }));

  it('holds everything back while it is paused, and does it when it goes on', () =>
    booted(async ({ own, dial, set, get, sleep }) => {
      const line = await dial();
      await own.pause();
      const answer = set(line, 'a', '1', 2000);
      await sleep(1000);
      expect(get('a')).toBeNull();
      await expect(own.inspect()).rejects.toThrow('no answer');
      const { ticks } = own.state as SingleState;
      await own.resume();
      expect(await answer).toBe(ok);
      expect((own.state as SingleState).ticks).toBeLessThan(ticks + 3);
    }));

  it('never answers a later request with the late reply to an earlier one', () =>
    booted(async ({ own, dial, set, sleep }) => {
      const line = await dial();
      await own.pause();
      expect(await set(line, 'a', '1', 50)).toBe('no reply within 50 ms');
      expect(line.isOpen).toBe(false);
      await own.resume();
      const next = await dial();
      expect(await set(next, 'b', '2')).toBe(ok);
      await sleep(1000);
      expect(next.isOpen).toBe(true);
    }));

  it('lets nothing of a former life act: neither its timers nor its disk', () =>
    booted(async ({ own, dial, set, sent, sleep }) => {
      void set(await dial(), 'a', '1');
      await sleep(2);
      // The write is under way; what waits for it must never leave.
      await own.kill();
      await own.start();
      await sleep(1000);
      expect(sent).toEqual([]);
      const { ticks } = own.state as SingleState;
      await sleep(1000);
      expect((own.state as SingleState).ticks - ticks).toBeLessThanOrEqual(21);
    }, 20));

  it('comes back at once from power that fails after sending, without what was not synced', () =>
    booted(async ({ own, dial, set, get, sent, sleep }) => {
      // A reply leaves while the next write waits for the disk.
      await own.failAfter('sending', 1);
      const lines = await Promise.all([dial(), dial()]);
      const answers = lines.map((line, at) => sleep(3 * at).then(() => set(line, `key${at}`, 'x')));
      const [, second] = await Promise.all(answers);
      expect(second).toBe('the server closed the connection');
      await own.neverFail();
      await sleep(100);
      expect(await own.isRunning()).toBe(true);
      expect(get('key0')).toBe('x');
      // The process that died has sent nothing since.
      expect(sent.length).toBeLessThanOrEqual(1);
    }, 5));

  it('comes back at once from power that fails after a sync, with what was synced', () =>
    booted(async ({ own, dial, set, get, sleep }) => {
      await own.failAfter('syncing', 1);
      const line = await dial();
      await set(line, 'key', 'x');
      await sleep(1);
      expect(line.isOpen).toBe(false);
      await own.neverFail();
      await sleep(100);
      expect(await own.isRunning()).toBe(true);
      expect(get('key')).toBe('x');
    }, 5));

  it('draws for each client apart: whoever else is there moves nothing of it', async () => {
    const momentsOf = async (others: number): Promise<readonly number[]> => {
      const moments: number[] = [];
      await booted(async ({ own, time, set }) => {
        for (let other = 0; other < others; other++) await own.dial(1000, `other ${other}`);
        const beganNs = time.nowNs();
        const line = await own.dial(1000, 'n');
        moments.push(time.nowNs() - beganNs);
        await set(line, 'a', '1');
        moments.push(time.nowNs() - beganNs);
      });
      return moments;
    };
    expect(await momentsOf(2)).toEqual(await momentsOf(0));
  });

  it('refuses to start on a disk whose bits have turned, or starts with less than it had', () =>
    booted(async ({ own, dial, set, sleep }) => {
      const line = await dial();
      for (let at = 0; at < 20; at++) expect(await set(line, `k${at}`, 'value')).toBe(ok);
      await own.kill();
      expect(await own.flipBit()).toBe(true);
      await own.start();
      await sleep(200);
      expect(await own.isRunning()).toBe(false);
      expect(await own.logs()).toMatch(/at offset \d+/);
      await own.wipeDisk();
      await own.start();
      await sleep(200);
      expect((own.state as SingleState).values.size).toBe(0);
    }));

  it('sees time by a clock of its own', () =>
    booted(async ({ own, sleep }) => {
      await sleep(1000);
      const { ticks } = own.state as SingleState;
      await own.setClockRate(2);
      await sleep(1000);
      expect((own.state as SingleState).ticks - ticks).toBeGreaterThan(30);
    }));
});
