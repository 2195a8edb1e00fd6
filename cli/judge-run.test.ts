import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpEvent } from '../core/event.ts';
import { historyOf } from '../core/history.ts';
import type { Plan, Results } from '../core/run.ts';
import type { Conducted } from '../runner/conduct.ts';
import { judgeRun } from './execute-run.ts';

const plan: Plan = {
  ...{ workload: 'register', system: 'raft', settings: {}, world: 'local' },
  ...{ nodes: 3, concurrency: 1, rate: 0, timeMs: 1000, ops: 0 },
  ...{ keys: 1, opsPerKey: 100, readRatio: 0.5, timeoutMs: 1000 },
  ...{ nemesis: [], nemesisIntervalMs: 1000, seed: 1, faults: [], thresholds: [] },
};

const read = { timeNs: 0, process: 0, op: 'read', key: 0, value: null };
const events: readonly OpEvent[] = [
  { ...read, index: 0, phase: 'invoke' },
  { ...read, index: 1, phase: 'ok' },
];

const conducted: Conducted = {
  ...{ history: historyOf(events), sightings: [], mainEndNs: 1e9, facts: {} },
  ...{
    notRecovered: null,
    notAtRest: null,
    outside: [],
    cutShort: null,
    unissued: 0,
    breaches: [],
  },
};

let path = '';
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'dtest-judge-'));
});
afterEach(() => {
  rmSync(path, { recursive: true });
});

function judged(more: Partial<Plan> = {}): Promise<Results> {
  const folder = { path, name: 'register-raft', timestamp: 'now' };
  return judgeRun({ ...plan, ...more }, conducted, { folder });
}

function log(node: string, text: string): void {
  mkdirSync(join(path, 'nodes', node), { recursive: true });
  writeFileSync(join(path, 'nodes', node, 'node.log'), text);
}

describe('the logs of the nodes', () => {
  it('convict a run whose history is fine', async () => {
    log('n1', 'serving\n');
    log('n2', 'serving\npanic: runtime error: index out of range\n');
    expect(await judged()).toMatchObject({
      valid: 'invalid',
      exitCode: 1,
      reason:
        'node n2 logged a panic in line 2 of node.log: panic: runtime error: index out of range (panic: 1)',
    });
  });

  it('say nothing where no node is broken', async () => {
    log('n1', 'serving\nelection failed, error: timeout\n');
    const { valid, verdict } = await judged();
    expect(valid).toBe('valid');
    expect(verdict.parts?.map(({ checker }) => checker)).toEqual([
      'linearizable',
      'log-patterns',
      'vacuity',
    ]);
  });

  it('are not asked for where there are none', async () => {
    const { verdict } = await judged();
    expect(verdict.parts?.map(({ checker }) => checker)).toEqual(['linearizable', 'vacuity']);
  });

  it('of simulated nodes are left to the invariants', async () => {
    log('n1', 'panic: so it is called\n');
    expect((await judged({ world: 'sim' })).valid).toBe('valid');
  });
});
