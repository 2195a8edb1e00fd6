import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../core/event.ts';
import { historyOf, operationsOf } from '../../core/history.ts';
import type { Run } from '../../core/run.ts';
import { operationsSource } from '../page/scripts/operations-source.ts';
import { invalidRun } from '../testing/invalid-run.ts';
import { sampleRun } from '../testing/sample-run.ts';
import { operationBlock } from './block.ts';
import { varintsInto } from './varints.ts';

const everything = { lanesBy: 'client', kind: null, outcome: null, text: '' } as const;

function sourceOf(run: Run, filter: Parameters<typeof operationsSource>[2] = () => everything) {
  return operationsSource(operationBlock(run), atob, filter);
}

describe('the operations of a page', () => {
  it('come back in the page as they stand in the history', () => {
    const run = sampleRun({ ops: 800, seconds: 20 });
    const source = sourceOf(run);
    const items = new Map(source.scene(0, 20).items.map((item) => [item.id, item]));
    operationsOf(run.history).forEach(({ invoke, complete }, at) => {
      const item = items.get(at)!;
      expect(item.fromS).toBeCloseTo(invoke.timeNs / 1e9, 5);
      expect(item.toS).toBeCloseTo(complete!.timeNs / 1e9, 5);
      expect(item.text.split(' ')[0]).toBe(invoke.op);
      const told = source.tell(at);
      expect(told).toContain(`process ${String(invoke.process)} on ${invoke.node!}`);
      expect(told).toContain(`${complete!.phase}: `);
      if (complete!.error !== undefined) expect(told).toContain(complete!.error);
    });
  });

  it('stand in lanes in which no two overlap', () => {
    for (const lanesBy of ['client', 'key', 'node'] as const) {
      const source = sourceOf(sampleRun({ ops: 500 }), () => ({ ...everything, lanesBy }));
      const { items, lanes } = source.scene(0, 30);
      lanes.forEach((_, lane) => {
        const mine = items.filter((item) => item.lane === lane);
        mine.slice(1).forEach((item, at) => {
          expect(item.fromS, lanesBy).toBeGreaterThanOrEqual(mine[at]!.toS);
        });
      });
    }
  });

  it('mark what the evidence blames', () => {
    const run = invalidRun({ ops: 50 });
    const blamed: HistoryEvent[] = (['invoke', 'ok'] as const).map((phase, at) => ({
      ...{ index: 0, timeNs: 4.92e9 + at * 1.4e6, process: 12, phase, op: 'read', key: 3 },
      value: at === 0 ? null : 2,
    }));
    const history = historyOf(
      [...run.history.events(), ...blamed].sort((a, b) => a.timeNs - b.timeNs),
    );
    const block = operationBlock({ ...run, history });
    expect(block.suspicions[0]!.blamed).toHaveLength(1);
    const source = operationsSource(block, atob, () => everything);
    const bad = source.scene(...source.first).items.filter(({ look }) => look === 'bad');
    expect(bad.map(({ text }) => text)).toEqual(['read → 2']);
    expect(source.tell(bad[0]!.id)).toContain('the evidence blames it');
  });

  it('are few bytes, whatever a client wrote', () => {
    const run = sampleRun({ ops: 300 });
    const blob = '<script>'.repeat(1_300_000);
    const events = [...run.history.events()].map((event): HistoryEvent =>
      event.process === 'nemesis' ? event : { ...event, value: blob },
    );
    const block = operationBlock({ ...run, history: historyOf(events) });
    expect(JSON.stringify(block).length).toBeLessThan(50_000);
  });

  it('are said to be a choice where the page does not hold all', () => {
    const block = operationBlock(sampleRun({ ops: 3000 }), 500);
    expect(block.length).toBeLessThanOrEqual(500);
    expect(block.shown).toMatch(/^\d+ of \d,\d+ operations are in this page\. Kept were /u);
    const source = operationsSource(block, atob, () => everything);
    expect(source.scene(0, 30).note).toMatch(
      /a choice of the operations; about 3,000 were called/u,
    );
  });
});

describe('integers of variable length', () => {
  it('are read back as they were written', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 2 ** 52 })), (values) => {
        const bytes = varintsInto();
        for (const value of values) bytes.add(value);
        const read: number[] = [];
        let [value, scale] = [0, 1];
        for (const byte of bytes.finish()) {
          value += (byte & 0x7f) * scale;
          scale *= 0x80;
          if (byte >= 0x80) continue;
          read.push(value);
          [value, scale] = [0, 1];
        }
        expect(read).toEqual(values);
      }),
    );
  });
});
