import { describe, expect, it } from 'vitest';
import { simulation } from './virtual-time.ts';

describe('virtual time', () => {
  it('moves from one event to the next, and those of one moment keep their order', async () => {
    const time = simulation();
    const seen: [string, number][] = [];
    const note = (name: string) => () => void seen.push([name, time.nowNs()]);
    await time.run(async () => {
      time.after(30, note('late'));
      time.after(10, note('first'));
      time.after(10, note('second'));
      await time.clock.sleep(1);
    });
    expect(seen).toEqual([
      ['first', 10],
      ['second', 10],
      ['late', 30],
    ]);
  });

  it('stands still until every promise has gone on, however many follow one another', async () => {
    const time = simulation();
    const seen: number[] = [];
    await time.run(async () => {
      time.after(1000, () => undefined);
      for (let turn = 0; turn < 500; turn++) await Promise.resolve();
      seen.push(time.nowNs());
      await time.clock.sleep(2);
      for (let turn = 0; turn < 500; turn++) await Promise.resolve();
      seen.push(time.nowNs());
    });
    expect(seen).toEqual([0, 2e6]);
  });

  it.each([
    ['that stirs', { isStirring: true }, 10],
    ['of a simulation that believes none', { isStirring: false, isWary: true }, 10],
    ['that only says so, when the next one has been', { isStirring: false }, 20],
  ])('lets promises go on after a quiet event %s', async (_, { isStirring, ...options }, atNs) => {
    const time = simulation(options);
    await time.run(async () => {
      const { promise, resolve } = Promise.withResolvers<string>();
      time.quietly.after(10, () => {
        if (isStirring) time.stir();
        resolve('done');
      });
      time.after(20, () => undefined);
      await promise;
      expect(time.nowNs()).toBe(atNs);
    });
  });

  it('never wakes anybody before the moment that was asked for', async () => {
    const time = simulation();
    await time.run(async () => {
      await time.clock.sleep(0.000_000_4);
      expect(time.nowNs()).toBe(1);
    });
  });

  it('wakes a sleeper at once when its signal aborts', async () => {
    const time = simulation();
    await time.run(async () => {
      const enough = new AbortController();
      time.after(5, () => enough.abort());
      await time.clock.sleep(1e6, enough.signal);
      expect(time.nowNs()).toBe(5);
    });
  });

  it('does nothing that was called off, and what is to be soon before time moves on', async () => {
    const time = simulation();
    const seen: string[] = [];
    await time.run(async () => {
      const callOff = time.timer(1, () => seen.push('never'));
      callOff();
      time.after(2, () => {
        time.soon(() => time.soon(() => seen.push(`soon at ${time.nowNs()}`)));
        time.after(0, () => seen.push('after that'));
      });
      await time.clock.sleep(1);
    });
    expect(seen).toEqual(['soon at 2', 'after that']);
  });

  it('says so when what is awaited is of another time', async () => {
    const forever = new Promise<void>(() => undefined);
    await expect(simulation().run(() => forever)).rejects.toThrow('stands still');
  });

  it('hands on the failure of the work', async () => {
    const failing = () => Promise.reject(new Error('no luck'));
    await expect(simulation().run(failing)).rejects.toThrow('no luck');
  });

  it('does at once what a promise leaves to do soon, whoever else waits for a later moment', async () => {
    const doneAtNs = async (bystander: boolean): Promise<number> => {
      const time = simulation();
      const done = time.run(
        () =>
          new Promise<number>((resolve) => {
            if (bystander) time.after(2e6, () => undefined);
            time.after(3e6, () => undefined);
            void time.clock.sleep(1).then(() => time.soon(() => resolve(time.nowNs())));
          }),
      );
      return done;
    };
    expect([await doneAtNs(false), await doneAtNs(true)]).toEqual([1e6, 1e6]);
  });
});
