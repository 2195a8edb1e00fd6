import { expect, it } from 'vitest';
import { reporters } from './index.ts';
import { renderAll } from './render-all.ts';
import { sampleRun } from './testing/sample-run.ts';

const run = sampleRun({ ops: 50, seconds: 2 });

it('a reporter that throws does not lose the others', async () => {
  const cause = new Error('out of ink');
  const broken = {
    name: 'broken',
    summary: 'cannot draw',
    render: () => {
      throw cause;
    },
  };
  const good = {
    name: 'good',
    summary: 'draws',
    render: () => [{ path: 'good.txt', content: 'ink' }],
  };
  expect(await renderAll(run, [good, broken, { ...good, name: 'better' }])).toEqual({
    artifacts: [
      { path: 'good.txt', content: 'ink' },
      { path: 'good.txt', content: 'ink' },
    ],
    failures: [{ reporter: 'broken', error: cause }],
  });
});

it('every reporter is known by its own name, and their files do not collide', async () => {
  expect(Object.entries(reporters).map(([name, each]) => each.name === name)).not.toContain(false);
  const { artifacts, failures } = await renderAll(run, Object.values(reporters));
  expect(failures).toEqual([]);
  expect(artifacts.map(({ path }) => path)).toEqual([
    'charts/throughput.png',
    'charts/latency-quantiles.png',
    'charts/latency-raw.png',
    'report.html',
    'junit.xml',
    'summary.md',
  ]);
});
