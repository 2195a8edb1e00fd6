import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Run } from '../core/run.ts';
import { html } from './html.ts';
import { type BrowserPage, findBrowser, openBrowser } from './testing/browser.ts';
import { hostileValues } from './testing/hostile.ts';
import { hostileRun } from './testing/hostile-run.ts';
import { invalidRun } from './testing/invalid-run.ts';

const path = findBrowser();
const folder = mkdtempSync(join(tmpdir(), 'dtest-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

const axisOf = (at: number): string =>
  `(() => { const { min, max } = Object.values(Chart.instances)[${String(at)}].scales.x; return [min, max]; })()`;

describe.skipIf(path === undefined)('report.html in a browser (skipped without Chromium)', () => {
  let page: BrowserPage;

  beforeAll(async () => {
    page = await openBrowser(path!);
  }, 60_000);
  afterAll(() => page[Symbol.asyncDispose]());

  async function open(run: Run): Promise<void> {
    const [artifact] = await html.render(run);
    const file = join(folder, 'report.html');
    writeFileSync(file, artifact!.content);
    await page.open(pathToFileURL(file).href);
  }

  async function press(key: string): Promise<void> {
    for (const type of ['keyDown', 'keyUp']) {
      await page.send('Input.dispatchKeyEvent', {
        type,
        key,
        ...(key.length === 1 ? { text: key } : {}),
      });
    }
  }

  it(
    'draws all charts without a complaint and without any request',
    { timeout: 60_000 },
    async () => {
      await open(invalidRun({ ops: 500 }));
      expect(await page.evaluate('Object.keys(Chart.instances).length')).toBe(3);
      expect(page.complaints).toEqual([]);
      expect(
        page.requests.filter((url) => !/^(?:file:.*report\.html|data:image\/png)/u.test(url)),
      ).toEqual([]);
    },
  );

  it(
    'zooms all charts to a dragged range, and back by double click',
    { timeout: 60_000 },
    async () => {
      await open(invalidRun({ ops: 500 }));
      const whole = await page.evaluate(axisOf(0));
      const box = (await page.evaluate(
        `(() => { const c = document.querySelector('canvas'); c.scrollIntoView({ block: 'center' }); const b = c.getBoundingClientRect(); return [b.left, b.top, b.width, b.height]; })()`,
      )) as number[];
      const [left = 0, top = 0, width = 0, height = 0] = box;
      const mouse = (type: string, share: number, clickCount = 1) =>
        page.send('Input.dispatchMouseEvent', {
          type,
          x: left + width * share,
          y: top + height / 2,
          button: 'left',
          buttons: 1,
          clickCount,
        });
      await mouse('mousePressed', 0.4);
      await mouse('mouseMoved', 0.5);
      await mouse('mouseReleased', 0.6);
      const zoomed = (await page.evaluate(axisOf(0))) as [number, number];
      expect(zoomed[1] - zoomed[0]).toBeGreaterThan(4);
      expect(zoomed[1] - zoomed[0]).toBeLessThan(9);
      expect(await page.evaluate(axisOf(2))).toEqual(zoomed);
      expect(await page.evaluate(`document.querySelector('#whole-run').hidden`)).toBe(false);
      for (const count of [1, 2]) {
        await mouse('mousePressed', 0.5, count);
        await mouse('mouseReleased', 0.5, count);
      }
      expect(await page.evaluate(axisOf(0))).toEqual(whole);
      expect(page.complaints).toEqual([]);
    },
  );

  it('zooms by keyboard', { timeout: 60_000 }, async () => {
    await open(invalidRun({ ops: 500 }));
    await page.evaluate(`document.querySelector('.plot').focus()`);
    await press('+');
    const [from = 0, to = 0] = (await page.evaluate(axisOf(1))) as number[];
    expect([Math.round(from), Math.round(to)]).toEqual([6, 24]);
    await press('0');
    expect(((await page.evaluate(axisOf(1))) as number[])[0]).toBe(0);
  });

  it(
    'tells of the operation that has the focus, and follows the arrows',
    { timeout: 60_000 },
    async () => {
      await open(invalidRun({ ops: 100 }));
      const details = `document.querySelector('.details').textContent`;
      expect(await page.evaluate(details)).toContain('could not be placed anywhere');
      await page.evaluate(`document.querySelector('[data-details]').focus()`);
      expect(await page.evaluate(details)).toContain('takes effect as number 1');
      await press('ArrowRight');
      expect(await page.evaluate(details)).toContain('takes effect as number 2');
    },
  );

  it(
    'is as readable on a narrow screen: nothing but tables and timelines scrolls sideways',
    { timeout: 60_000 },
    async () => {
      for (const width of [400, 1280, 3840]) {
        await page.send('Emulation.setDeviceMetricsOverride', {
          width,
          height: 900,
          deviceScaleFactor: 1,
          mobile: false,
        });
        await open(invalidRun({ ops: 100 }));
        const overhang =
          'document.documentElement.scrollWidth - document.documentElement.clientWidth';
        expect(await page.evaluate(overhang), `at ${String(width)} px`).toBe(0);
      }
      await page.send('Emulation.clearDeviceMetricsOverride', {});
    },
  );

  it.each(hostileValues)('executes nothing of %j', { timeout: 60_000 }, async (value) => {
    await open(hostileRun(value));
    expect(await page.evaluate('globalThis.stolen')).toBeUndefined();
    expect(await page.evaluate('Object.keys(Chart.instances).length')).toBe(3);
    expect(page.complaints).toEqual([]);
  });
});
