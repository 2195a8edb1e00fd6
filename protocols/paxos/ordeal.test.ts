import { expect, it } from 'vitest';
import { ordeal } from '../testing/ordeal.ts';
import { paxos } from './paxos.ts';

it('x', () => {
  const t = performance.now();
  for (let seed = 0; seed < 100; seed++) {
    const r = ordeal(seed, { consensus: paxos, durationMs: 3000, calmMs: 5000 });
    if (seed < 10 || r.violation) console.log(seed, r.violation?.message, r.applied, r.reads, JSON.stringify(r.counters));
  }
  console.log(performance.now() - t);
}, 200000);
