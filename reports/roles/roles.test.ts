import { describe, expect, it } from 'vitest';
import type { Run } from '../../core/run.ts';
import { chartsOf } from '../charts/all.ts';
import { renderPng } from '../charts/png.ts';
import type { Watched } from '../records.ts';
import { sampleRun } from '../testing/sample-run.ts';
import { sightings, tracedRun } from '../testing/traced-run.ts';
import { reignsInWords, roleSpans } from './roles.ts';

describe('roles over time', () => {
  const spans = roleSpans(sightings(), 10);

  it('last until a node says something else, or to the end', () => {
    const of = (node: string) =>
      spans.filter((each) => each.node === node).map(({ role, fromS, toS }) => [role, fromS, toS]);
    expect(of('n1')).toEqual([
      ['leader', 0, 4],
      ['silent', 4, 9],
      ['follower', 9, 10],
    ]);
    expect(of('n2')).toEqual([
      ['follower', 0, 4.4],
      ['candidate', 4.4, 4.6],
      ['leader', 4.6, 10],
    ]);
  });

  it('are told in words too', () => {
    expect(reignsInWords(spans)).toBe(
      'n1 led term 1 from 0.0 s to 4.0 s; n2 led term 2 from 4.6 s to 10.0 s.',
    );
  });

  it('are a chart of a run whose nodes were watched, and of no other', () => {
    const chart = chartsOf(tracedRun({ ops: 50 })).find(({ name }) => name === 'roles')!;
    expect(chart.names).toEqual(['n1', 'n2', 'n3', 'n4', 'n5']);
    expect(renderPng(chart).length).toBeGreaterThan(10_000);
    expect(chartsOf(sampleRun({ ops: 50 })).map(({ name }) => name)).not.toContain('roles');
    const unseen: Run & Watched = { ...sampleRun({ ops: 50 }), sightings: [] };
    expect(chartsOf(unseen)).toHaveLength(3);
  });
});
