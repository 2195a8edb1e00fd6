import type { LoadGenerator } from '../../load/generator.ts';

/** A generator whose threads can be exchanged for new ones. */
export interface RenewableGenerator extends LoadGenerator {
  /** After a round that failed: nothing of it may reach into the next. */
  renew(): Promise<void>;
}

export function renewableGenerator(make: () => LoadGenerator): RenewableGenerator {
  let current = make();
  return {
    get threads() {
      return current.threads;
    },
    get tally() {
      return current.tally;
    },
    prepare: (job, epochNs) => current.prepare(job, epochNs),
    go: (fromNs, untilNs) => current.go(fromNs, untilNs),
    moveTo: (nodes) => current.moveTo(nodes),
    stop: () => current.stop(),
    async renew() {
      const before = current;
      current = make();
      await before[Symbol.asyncDispose]();
    },
    [Symbol.asyncDispose]: () => current[Symbol.asyncDispose](),
  };
}
