import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareBenches } from '../compare/compare-benches.ts';
import { sampleBench } from '../compare/testing/sample-bench.ts';
import { type BrowserPage, findBrowser, openBrowser } from '../reports/testing/browser.ts';
import { type RunningServer, startServer } from './server.ts';
import { type SampleStore, sampleEvents, sampleStore } from './testing/sample-store.ts';

const path = findBrowser();
/** `DTEST_SCREENSHOTS=folder` keeps what the pages look like. */
const pictures = process.env.DTEST_SCREENSHOTS;

describe.skipIf(path === undefined)('in a browser (skipped where there is no Chromium)', () => {
  let store: SampleStore;
  let server: RunningServer;
  let page: BrowserPage;
  let ids: { run: string; live: string; bench: string };

  beforeAll(async () => {
    store = sampleStore();
    ids = filled(store);
    server = await startServer({
      ...{ store: store.path, hostname: '127.0.0.1', port: 0, remote: false, watch: () => null },
      compare: () => {
        const [one, other] = [1, 2].map((seed) => ({
          bench: sampleBench({ seed, rounds: 8, speeds: seed === 2 ? { raft: 0.75 } : {} }),
          ...{ path: `store/${seed}`, label: `bench-raft/${seed}` },
        }));
        return Promise.resolve(compareBenches([one!, other!], { gates: [], figures: [] }));
      },
    });
    page = await openBrowser(path ?? '');
  });

  afterAll(async () => {
    await page[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    store[Symbol.dispose]();
  });

  async function show(address: string, { width = 1280, theme = 'light' } = {}): Promise<void> {
    await page.send('Emulation.setDeviceMetricsOverride', {
      ...{ width, height: 900, deviceScaleFactor: 1, mobile: false },
    });
    await page.send('Emulation.setEmulatedMedia', {
      features: [{ name: 'prefers-color-scheme', value: theme }],
    });
    await page.open(new URL(address, server.url).href);
  }

  async function keep(name: string): Promise<void> {
    if (pictures === undefined) return;
    mkdirSync(pictures, { recursive: true });
    const { data } = await page.send('Page.captureScreenshot', { captureBeyondViewport: true });
    writeFileSync(join(pictures, `${name}.png`), Buffer.from(String(data), 'base64'));
  }

  const addresses = (): readonly (readonly [string, string])[] => [
    ['list', '/'],
    ['filtered', '/?verdict=invalid'],
    ['run', `/run/${ids.run}`],
    ['bench', `/run/${ids.bench}`],
    ['trends', '/trends?kind=run&system=raft'],
    ['compare', `/compare?run=${ids.run}&run=${ids.bench}`],
    ['missing', '/run/none/none'],
  ];

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 400],
    ['dark', 3840],
  ])('every page is whole and quiet in %s at %i px', async (theme, width) => {
    for (const [name, address] of addresses()) {
      await show(address, { width, theme });
      await keep(`${name}-${theme}-${width}`);
      const overflow =
        'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      expect([name, await page.evaluate(overflow)]).toEqual([name, 0]);
      const sheet = 'getComputedStyle(document.body).marginTop';
      expect([name, await page.evaluate(sheet)]).toEqual([name, '0px']);
    }
    const unexpected = page.complaints.filter((each) => !each.includes('404'));
    expect(unexpected).toEqual([]);
  });

  it('asks nobody but this server for anything', () => {
    const elsewhere = page.requests.filter(
      (each) => !each.startsWith(server.url) && !each.startsWith('data:'),
    );
    expect(elsewhere).toEqual([]);
  });

  it('can be used with the keyboard: every link, box and button takes the focus, and shows it', async () => {
    await show('/');
    const focused = `(() => {
      const wanted = [...document.querySelectorAll('a, button, input, select')].slice(0, 40);
      return wanted.filter((each) => { each.focus(); return document.activeElement !== each; }).length;
    })()`;
    expect(await page.evaluate(focused)).toBe(0);
    expect(await page.evaluate(`document.querySelector('.skip').getAttribute('href')`)).toBe(
      '#content',
    );
  });

  it('follows a run under way, and says when it is over', async () => {
    store.file(`${ids.live}/test.json`, '{"plan": {"workload": "register", "system": "raft"}}');
    await show(`/run/${ids.live}`);
    await until(`document.querySelector('[data-show="ok"]').textContent === '1,000'`);
    await keep('live');
    store.file(
      `${ids.live}/results.json`,
      JSON.stringify({ valid: 'invalid', reason: 'a stale read' }),
    );
    await until(
      `document.querySelector('[data-show="verdict"]').textContent.includes('a stale read')`,
    );
    await until(`document.querySelector('[data-show="hint"]').textContent.includes('over')`);
  });

  it('deletes a run by its form', async () => {
    const id = store.run({ number: 400, system: 'gone' });
    await show(`/run/${id}`);
    await page.evaluate(`document.querySelector('details').open = true`);
    await page.evaluate(`document.querySelector('button.danger').click()`);
    await until(`location.pathname === '/'`);
    const answer = await fetch(`${server.url}run/${id}`);
    expect(answer.status).toBe(404);
  });

  it('boxes a report in: its own script runs, and reaches nothing', async () => {
    await show(`/run/${ids.run}/file/report.html`);
    await until(`document.title.startsWith('ran')`);
    await until(`document.title !== 'ran'`);
    expect(await page.evaluate('document.title')).toBe('ran, refused');
  });

  /** Polled within a deadline: a page says nothing of itself when it is done. */
  async function until(condition: string): Promise<void> {
    const deadlineMs = Date.now() + 40_000;
    while ((await page.evaluate(condition)) !== true) {
      if (Date.now() > deadlineMs) throw new Error(`expected ${condition} within 40 s`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
});

function filled(store: SampleStore): { run: string; live: string; bench: string } {
  const ends = ['valid', 'valid', 'valid', 'invalid', 'unknown'] as const;
  const reasons = {
    valid: 'all 30,012 operations on 220 independent parts are linearizable as cas-register',
    invalid:
      'not linearizable in 1 of 99 independent parts; first key 2: process 9 on n5: read → null',
    unknown: 'kill had no effect that could be seen, so the run proved nothing',
  };
  let run = '';
  for (let number = 0; number < 70; number++) {
    const valid = ends[number % 5] ?? 'valid';
    const system = number % 4 === 3 ? 'paxos' : 'raft';
    const throughput =
      1800 + 300 * Math.sin(number / 5) + (number % 7) * 30 - (number > 50 ? 500 : 0);
    run = store.run({ number, system, valid, reason: reasons[valid], throughput });
  }
  const script = `document.title = 'ran'; fetch('/').then(() => { document.title = 'ran, reached'; }, () => { document.title = 'ran, refused'; });`;
  store.file(`${run}/report.html`, `<!doctype html><title>x</title><script>${script}</script>`);
  const live = store.run({ number: 300, finished: false, events: sampleEvents(2000) });
  return { run, live, bench: store.bench(sampleBench({ seed: 5, subjects: ['raft', 'paxos'] })) };
}
