import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadImage } from 'canvas';
import * as canvasModule from 'canvas';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleRun } from '../testing/sample-run.ts';
import { chartsOf } from './all.ts';
import { pictureSize, renderPng } from './png.ts';

const folder = mkdtempSync(join(tmpdir(), 'dtest-png-'));
const nowhere = join(folder, 'fonts.conf');

beforeAll(() => {
  const cache = join(folder, 'cache');
  writeFileSync(
    nowhere,
    `<?xml version="1.0"?><fontconfig><cachedir>${cache}</cachedir></fontconfig>`,
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Renders in a process of its own that finds no system fonts, with the title or without. */
async function renderWithoutSystemFonts(title: string): Promise<Uint8Array> {
  const file = join(folder, `${title === '' ? 'bare' : 'titled'}.png`);
  const here = import.meta.dirname;
  const program = `
    import { writeFileSync } from 'node:fs';
    import { GlobalFonts } from 'canvas';
    import { chartsOf } from ${JSON.stringify(join(here, 'all.ts'))};
    import { renderPng } from ${JSON.stringify(join(here, 'png.ts'))};
    import { sampleRun } from ${JSON.stringify(join(here, '../testing/sample-run.ts'))};
    const before = GlobalFonts.families.length;
    const [chart] = chartsOf(sampleRun({ ops: 100 }));
    writeFileSync(${JSON.stringify(file)}, renderPng({ ...chart, title: ${JSON.stringify(title)}, subtitle: '' }));
    console.log(before);
  `;
  const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: here,
    env: { DISABLE_SYSTEM_FONTS_LOAD: '1', FONTCONFIG_FILE: nowhere, FONTCONFIG_PATH: folder },
    timeout: 60_000,
  });
  expect(stdout, 'system fonts found').toBe('0');
  return readFileSync(file);
}

/** Dark pixels of a region of a picture. */
async function inkIn(png: Uint8Array, region: { width: number; height: number }): Promise<number> {
  const image = await loadImage(png);
  const context = canvasModule.createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, region.width, region.height);
  let ink = 0;
  for (let at = 0; at < data.length; at += 4) if ((data[at] ?? 255) < 128) ink += 1;
  return ink;
}

describe('a chart as PNG', () => {
  it('has its text on a system without any font', { timeout: 120_000 }, async () => {
    const titled = await renderWithoutSystemFonts('Latency of every operation');
    const bare = await renderWithoutSystemFonts('');
    const title = { width: 1200, height: 2 * 34 };
    expect(await inkIn(bare, title)).toBe(0);
    expect(await inkIn(titled, title)).toBeGreaterThan(1000);
  });

  it('is drawn at twice its size, for sharpness', async () => {
    const [chart] = chartsOf(sampleRun({ ops: 100 }));
    const image = await loadImage(renderPng(chart!));
    expect([image.width, image.height]).toEqual([2 * pictureSize.width, 2 * pictureSize.height]);
  });

  it('is the same, byte for byte, each time', () => {
    const [chart] = chartsOf(sampleRun({ ops: 100 }));
    expect(renderPng(chart!)).toEqual(renderPng(chart!));
  });
});
