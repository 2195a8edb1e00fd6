import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareBenches } from '../../compare/compare-benches.ts';
import { findBrowser, launchBrowser, watchedPage } from '../testing/browser.ts';
import { sampleBench } from '../testing/sample-bench.ts';
import { benchCharts } from './charts.ts';
import { benchPage } from './page.ts';

const path = findBrowser();
const folder = mkdtempSync(join(tmpdir(), 'dtest-bench-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(path === undefined)(
  'bench-report.html in a browser (skipped without Chromium)',
  () => {
    let browser: Browser;
    let address = '';

    beforeAll(async () => {
      browser = await launchBrowser(path!);
      const bench = sampleBench({ clients: [4, 64, 256], faults: [null, 'kill'] });
      const saved = { bench, path: 'x', label: 'x' };
      const comparison = compareBenches([saved], { gates: [], figures: [] });
      const file = join(folder, 'bench-report.html');
      const page = { bench, drawn: benchCharts(bench), comparison, path: 'store/bench/x' };
      writeFileSync(file, await benchPage(page));
      address = pathToFileURL(file).href;
    });
    afterAll(() => browser.close());

    it.each([
      ['light', 400],
      ['dark', 1280],
      ['light', 3840],
    ] as const)('is whole and quiet in %s at %i px', async (colorScheme, width) => {
      await using opened = await watchedPage(browser, {
        ...{ colorScheme, viewport: { width, height: 900 } },
      });
      await opened.page.goto(address);
      const overhang =
        'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      expect(await opened.page.evaluate(overhang)).toBe(0);
      expect(opened.complaints).toEqual([]);
      const elsewhere = opened.requests.filter((url) => !/^(?:file:|data:image)/u.test(url));
      expect(elsewhere).toEqual([]);
    });

    it('draws the charts of a folded group once it is opened', async () => {
      await using opened = await watchedPage(browser);
      const { page } = opened;
      await page.goto(address);
      const canvas = page.locator('details canvas').first();
      expect(await canvas.isVisible()).toBe(false);
      await page.locator('summary', { hasText: 'fault kill' }).click();
      await expect.poll(async () => (await canvas.boundingBox())?.width ?? 0).toBeGreaterThan(300);
      expect(opened.complaints).toEqual([]);
    });

    it('zooms the charts over time together, and leaves the others alone', async () => {
      await using opened = await watchedPage(browser);
      const { page } = opened;
      await page.goto(address);
      const axisOf = (name: string): Promise<number> =>
        page.evaluate(
          `Object.values(Chart.instances).find((each) => each.canvas.closest('[data-chart]').dataset.chart === '${name}').scales.x.max`,
        );
      const curve = await axisOf('throughput-p99-1');
      await page.locator('[data-chart="rate-over-time-1"]').focus();
      await page.keyboard.press('+');
      expect(await axisOf('rate-over-time-1')).toBeLessThan(10);
      expect(await axisOf('p99-over-time-1')).toBe(await axisOf('rate-over-time-1'));
      expect(await axisOf('throughput-p99-1')).toBe(curve);
    });
  },
);
