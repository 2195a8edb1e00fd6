import type { Rng } from '../../core/rng.ts';
import type { TestCluster } from './cluster.ts';

export interface TrafficPlan {
  /** Mean time from one request, or burst of requests, to the next. */
  readonly everyMs: number;
  /** Commands in the largest burst. */
  readonly burst: number;
  readonly readShare: number;
  readonly untilMs: number;
}

/** Clients that ask the leader they know of, or now and then anyone. Every command is new. */
export function drive<State, Message>(
  cluster: TestCluster<State, Message>,
  plan: TrafficPlan,
  rng: Rng,
): void {
  let commands = 0;
  const ask = (): void => {
    const leader = cluster.leader();
    const node = leader !== undefined && rng.float() < 0.8 ? leader : rng.pick(cluster.ids);
    if (rng.float() < plan.readShare) {
      cluster.read(node);
      return;
    }
    const count = rng.float() < 0.2 ? rng.int(1, plan.burst) : 1;
    for (let made = 0; made < count; made++) cluster.propose(node, `c${String(++commands)}`);
  };
  const next = (): void => {
    const delayMs = rng.exponential(plan.everyMs);
    if (cluster.nowMs() + delayMs > plan.untilMs) return;
    cluster.after(delayMs, () => {
      ask();
      next();
    });
  };
  next();
}
