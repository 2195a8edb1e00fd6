import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Run } from '../core/run.ts';
import { html } from './html.ts';
import { type WatchedPage, findBrowser, launchBrowser, watchedPage } from './testing/browser.ts';
import { cycleRun } from './testing/cycle-run.ts';
import { hostileValues } from './testing/hostile.ts';
import { hostileRun } from './testing/hostile-run.ts';
import { invalidRun } from './testing/invalid-run.ts';
import { sampleRun } from './testing/sample-run.ts';
import { tracedRun } from './testing/traced-run.ts';

const path = findBrowser();
const folder = mkdtempSync(join(tmpdir(), 'dtest-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(path === undefined)('report.html in a browser (skipped without Chromium)', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchBrowser(path!);
  });
  afterAll(() => browser.close());

  async function open(run: Run, options: BrowserContextOptions = {}): Promise<WatchedPage> {
    const [artifact] = await html.render(run);
    const file = join(folder, 'report.html');
    writeFileSync(file, artifact!.content);
    const watched = await watchedPage(browser, options);
    await watched.page.goto(pathToFileURL(file).href);
    return watched;
  }

  /** What the x axis of a chart shows, in seconds. */
  const axisOf = ({ page }: WatchedPage, at: number): Promise<[number, number]> =>
    page.evaluate(
      `(() => { const { min, max } = Object.values(Chart.instances)[${String(at)}].scales.x; return [min, max]; })()`,
    );

  it('draws everything without a complaint and without any request', async () => {
    await using opened = await open(tracedRun({ ops: 500 }));
    const { page, complaints, requests } = opened;
    expect(await page.evaluate('Object.keys(Chart.instances).length')).toBe(4);
    for (const name of ['operations', 'messages-0']) {
      const stage = page.locator(`[data-stage="${name}"]`);
      await expect.poll(() => stage.locator('.note').textContent()).toMatch(/^[\d,]+ (?:op|mess)/u);
    }
    expect(complaints).toEqual([]);
    expect(requests.filter((url) => !/^(?:file:.*report\.html|data:image)/u.test(url))).toEqual([]);
  });

  it.each(['light', 'dark'] as const)(
    'fits screens of 400, 1280 and 3840 px in %s: nothing but tables and timelines scrolls sideways',
    async (colorScheme) => {
      for (const width of [400, 1280, 3840]) {
        await using opened = await open(tracedRun({ ops: 100 }), {
          ...{ colorScheme, viewport: { width, height: 900 } },
        });
        const overhang =
          'document.documentElement.scrollWidth - document.documentElement.clientWidth';
        expect(await opened.page.evaluate(overhang), `at ${String(width)} px`).toBe(0);
        expect(opened.complaints).toEqual([]);
      }
    },
  );

  it('says all it has to say where scripts do not run', async () => {
    await using opened = await open(tracedRun({ ops: 100 }), { javaScriptEnabled: false });
    const { page } = opened;
    expect(await page.locator('.plot img').first().isVisible()).toBe(true);
    expect(await page.locator('.operation.stuck').first().isVisible()).toBe(true);
    expect(await page.locator('.unscripted').first().isVisible()).toBe(true);
    expect(await page.locator('button:visible').count()).toBe(0);
  });

  it('zooms all charts to a dragged range, into finer windows, and back by double click', async () => {
    await using opened = await open(invalidRun({ ops: 3000 }));
    const { page } = opened;
    const whole = await axisOf(opened, 0);
    const canvas = page.locator('.plot canvas').first();
    await canvas.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await canvas.boundingBox())!;
    await page.mouse.move(x + width * 0.4, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.5, y + height / 2);
    await page.mouse.move(x + width * 0.6, y + height / 2);
    await page.mouse.up();
    const zoomed = await axisOf(opened, 0);
    expect(zoomed[1] - zoomed[0]).toBeGreaterThan(4);
    expect(zoomed[1] - zoomed[0]).toBeLessThan(9);
    expect(await axisOf(opened, 2)).toEqual(zoomed);
    expect(await page.locator('.window-words').first().textContent()).toContain(
      'windows of 100 ms',
    );
    await canvas.dblclick({ position: { x: width / 2, y: height / 2 } });
    expect(await axisOf(opened, 0)).toEqual(whole);
    expect(opened.complaints).toEqual([]);
  });

  it('zooms by wheel only where the chart has the focus, so that a page still scrolls', async () => {
    await using opened = await open(invalidRun({ ops: 500 }));
    const { page } = opened;
    const whole = await axisOf(opened, 0);
    const plot = page.locator('.plot').first();
    await plot.scrollIntoViewIfNeeded();
    await plot.hover();
    await page.mouse.wheel(0, -200);
    expect(await axisOf(opened, 0)).toEqual(whole);
    await plot.focus();
    await plot.hover();
    await page.mouse.wheel(0, -200);
    await expect.poll(async () => (await axisOf(opened, 1))[1]).toBeLessThan(whole[1]);
  });

  it('zooms by keys and by buttons', async () => {
    await using opened = await open(invalidRun({ ops: 500 }));
    const { page } = opened;
    const whole = await axisOf(opened, 1);
    await page.locator('.plot').first().focus();
    await page.keyboard.press('+');
    const [from, to] = await axisOf(opened, 1);
    expect((to - from) / whole[1]).toBeCloseTo(0.5);
    expect(from / whole[1]).toBeCloseTo(0.25);
    await page.keyboard.press('0');
    expect((await axisOf(opened, 1))[0]).toBe(0);
    await page.getByRole('button', { name: 'Show less time' }).first().click();
    await page.getByRole('button', { name: 'Later' }).first().click();
    expect((await axisOf(opened, 2))[0] / whole[1]).toBeCloseTo(0.375);
    await page.getByRole('button', { name: 'Show the whole run' }).click();
    expect((await axisOf(opened, 2))[0]).toBe(0);
  });

  it('steps through the order of a counterexample by keys, buttons and pointer', async () => {
    await using opened = await open(invalidRun({ ops: 100 }));
    const failure = opened.page.locator('.failure').first();
    const details = (): Promise<string | null> => failure.locator('.details').textContent();
    expect(await details()).toContain('could not be placed anywhere');
    await failure.locator('[data-order="1"]').focus();
    expect(await details()).toContain('takes effect as number 1, after which the state is 2');
    expect(await failure.locator('[data-order="2"].later').count()).toBe(1);
    await opened.page.keyboard.press('ArrowRight');
    expect(await details()).toContain('takes effect as number 2');
    expect(await failure.locator('[data-order="2"].later').count()).toBe(0);
    await failure.getByRole('button', { name: 'Step on' }).click();
    expect(await details()).toContain('takes effect as number 3');
    await failure.locator('[data-order="5"] .what').hover();
    expect(await details()).toContain('takes effect as number 5');
  });

  it('walks the timeline by keys, and lets the focus go on', async () => {
    await using opened = await open(tracedRun({ ops: 2000 }));
    const { page } = opened;
    const stage = page.locator('[data-stage="operations"]');
    const details = (): Promise<string | null> => stage.locator('.details').textContent();
    await stage.locator('.scene').focus();
    await page.keyboard.press('ArrowRight');
    const first = await details();
    expect(first).toMatch(/process \d+ on n\d, key \d/u);
    await page.keyboard.press('ArrowDown');
    expect(await details()).not.toBe(first);
    for (let step = 0; step < 30; step++) await page.keyboard.press('ArrowRight');
    const range = await stage.locator('.range-words').textContent();
    await page.keyboard.press('+');
    await expect.poll(() => stage.locator('.range-words').textContent()).not.toBe(range);
    await page.keyboard.press('Tab');
    expect(await stage.locator('.scene:focus').count()).toBe(0);
    expect(opened.complaints).toEqual([]);
  });

  it('filters the timeline, goes to faults, and lists what is in sight', async () => {
    await using opened = await open(tracedRun({ ops: 2000 }));
    const stage = opened.page.locator('[data-stage="operations"]');
    const inSight = async (): Promise<number> =>
      Number(
        /^([\d,]+)/u.exec((await stage.locator('.note').textContent())!)?.[1]?.replace(',', ''),
      );
    await stage.getByRole('button', { name: 'Show all of it' }).click();
    await expect.poll(inSight).toBeGreaterThan(1000);
    const all = await inSight();
    await stage.getByLabel('Outcome').selectOption('fail');
    await expect.poll(inSight).toBeLessThan(all);
    await stage.getByLabel('Outcome').selectOption('all');
    await stage.getByLabel('Only').fill('p3');
    await stage.getByLabel('Lanes').selectOption('by key');
    await stage.getByText('The operations in sight as a list').click();
    await expect
      .poll(async () => (await stage.locator('ol li').allTextContents()).slice(0, -1).join('\n'))
      .toMatch(/^(?:.*process 3 .*\n?)+$/u);
    await stage.getByLabel('Only').fill('');
    await stage.getByLabel('Go to').selectOption({ index: 2 });
    await expect.poll(inSight).toBeLessThan(all / 2);
  });

  it('shows in the timeline what is chosen in the charts', async () => {
    await using opened = await open(sampleRun({ ops: 2000 }));
    const { page } = opened;
    await page.locator('.plot').first().focus();
    await page.keyboard.press('+');
    await expect
      .poll(() => page.locator('[data-stage="operations"] .range-words').textContent())
      .toMatch(/^7\.\d+ s to 22\.\d+ s$/u);
  });

  it('tells of messages, of those that were lost, and of what nodes logged', async () => {
    await using opened = await open(tracedRun({ ops: 500 }));
    const { page } = opened;
    const stage = page.locator('[data-stage="messages-0"]');
    await stage.getByRole('button', { name: 'Show all of it' }).click();
    await stage.locator('.scene').focus();
    const told = new Set<string>();
    const upToNodes = ['ArrowRight', 'ArrowUp', 'ArrowUp', 'ArrowUp', 'ArrowUp', 'ArrowUp'];
    for (const key of [...upToNodes, ...Array<string>(40).fill('ArrowRight')]) {
      await page.keyboard.press(key);
      told.add((await stage.locator('.details').textContent())!);
    }
    const text = [...told].join('\n');
    expect(text).toMatch(/append(?:-reply)? from n\d to n\d\nterm 4/u);
    expect(text).toContain('it never arrived');
    const before = await stage.locator('.note').textContent();
    await stage.getByRole('combobox', { name: 'Messages' }).selectOption('all');
    await expect.poll(() => stage.locator('.note').textContent()).not.toBe(before);
  });

  it('draws transactions that contradict each other', async () => {
    await using opened = await open(cycleRun());
    expect(await opened.page.locator('svg.ring').count()).toBe(2);
    expect(opened.complaints).toEqual([]);
  });

  it.each(hostileValues)('executes nothing of %j', async (value) => {
    await using opened = await open(hostileRun(value));
    expect(await opened.page.evaluate('globalThis.stolen')).toBeUndefined();
    expect(await opened.page.evaluate('Object.keys(Chart.instances).length')).toBe(3);
    expect(opened.complaints).toEqual([]);
  });
});
