import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareBenches } from '../compare/compare-benches.ts';
import { comparisonCharts } from '../compare/comparison-charts.ts';
import { sampleBench } from '../compare/testing/sample-bench.ts';
import { comparisonPage } from '../reports/comparison/page.ts';
import {
  type WatchedPage,
  findBrowser,
  launchBrowser,
  watchedPage,
} from '../reports/testing/browser.ts';
import { type RunningServer, startServer } from './server.ts';
import { type SampleStore, sampleEvents, sampleStore } from './testing/sample-store.ts';

const path = findBrowser();
/** `DTEST_SCREENSHOTS=folder` keeps what the pages look like. */
const pictures = process.env.DTEST_SCREENSHOTS;

describe.skipIf(path === undefined)('in a browser (skipped where there is no Chromium)', () => {
  let store: SampleStore;
  let server: RunningServer;
  let browser: Browser;
  let watched: WatchedPage;
  let page: Page;
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
        const comparison = compareBenches([one!, other!], { gates: [], figures: [] });
        const page = () => comparisonPage(comparison, comparisonCharts([one!, other!]));
        return Promise.resolve({ comparison, page });
      },
    });
    browser = await launchBrowser(path ?? '');
    watched = await watchedPage(browser);
    page = watched.page;
  });

  afterAll(async () => {
    await browser.close();
    await server[Symbol.asyncDispose]();
    store[Symbol.dispose]();
  });

  async function show(address: string, { width = 1280, theme = 'light' } = {}): Promise<void> {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: theme === 'dark' ? 'dark' : 'light' });
    await page.goto(new URL(address, server.url).href);
  }

  async function keep(name: string): Promise<void> {
    if (pictures === undefined) return;
    await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
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
    const unexpected = watched.complaints.filter((each) => !each.includes('404'));
    expect(unexpected).toEqual([]);
  });

  it('asks nobody but this server for anything', () => {
    const elsewhere = watched.requests.filter(
      (each) => !each.startsWith(server.url) && !each.startsWith('data:'),
    );
    expect(elsewhere).toEqual([]);
  });

  it('can be used with the keyboard alone', async () => {
    await show('/');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.className')).toBe('skip');
    await page.locator('select[name=verdict]').focus();
    await page.keyboard.type('invalid');
    await page.locator('button', { hasText: 'Show' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/verdict=invalid/u);
    const boxes = page.locator('input[type=checkbox]');
    for (const box of [boxes.nth(0), boxes.nth(1)]) {
      await box.focus();
      await page.keyboard.press('Space');
    }
    await page.locator('button', { hasText: 'Compare' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/compare\?run=.*&run=/u);
    expect(await page.locator('h1').textContent()).toContain('worse');
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

  it('follows a benchmark under way: where it is, and its figures so far', async () => {
    const bench = sampleBench({ seed: 6, subjects: ['raft', 'paxos'], rounds: 3 });
    const id = store.bench({ ...bench, name: 'bench-live', rounds: bench.rounds.slice(0, 2) });
    const standing = { schema: 1, done: 2, rounds: 12, stage: 'measuring', leftMs: 42_000 };
    const progress = { ...standing, cell: '<b>raft</b> n3 c64', ok: 12_345, errors: 0 };
    store.file(`${id}/progress.json`, JSON.stringify(progress));
    await show(`/run/${id}`);
    await until(`document.querySelector('[data-show="done"]').textContent === '2 of 12'`);
    await until(`document.querySelector('[data-show="cell"]').textContent.startsWith('<b>raft')`);
    await keep('live-bench');
    const rows = `document.querySelectorAll('[data-figures] tbody tr').length`;
    expect(await page.evaluate(rows)).toBe(2);
    store.bench({ ...bench, name: 'bench-live', rounds: bench.rounds.slice(0, 4) });
    await until(`${rows} === 4`);
    store.remove(`${id}/progress.json`);
    await until(`document.querySelector('[data-show="hint"]').textContent.includes('over')`);
    expect(watched.complaints.filter((each) => !each.includes('404'))).toEqual([]);
  });

  it('draws what is compared, boxed in', async () => {
    await show(`/compare?run=${ids.run}&run=${ids.bench}`);
    await page.locator('a', { hasText: 'Charts' }).click();
    await page.waitForURL(/\/compare\/report\?run=/u);
    await until(`document.querySelectorAll('.plot.drawn').length >= 3`);
    await keep('compare-charts');
    expect(watched.complaints.filter((each) => !each.includes('404'))).toEqual([]);
  });

  it('deletes a run by its form', async () => {
    const id = store.run({ number: 400, system: 'gone' });
    await show(`/run/${id}`);
    await page.evaluate(`document.querySelector('details').open = true`);
    await page.locator('button.danger').first().click();
    await page.waitForURL((url) => url.pathname === '/');
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
