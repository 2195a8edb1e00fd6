import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { html } from '../html.ts';
import { findBrowser, launchBrowser } from './browser.ts';
import { sampleRun } from './sample-run.ts';

// How large `report.html` of a long run is, and how long a browser takes to open it. A measure for people,
// and no test: it depends on the machine. `node reports/testing/opening.ts [OPERATIONS]`

const ops = Number(process.argv[2] ?? 1e6);
const times = 5;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const path = findBrowser();
if (path === undefined) throw new Error('expected Chromium in PATH, found none; install chromium');
const folder = mkdtempSync(join(tmpdir(), 'dtest-opening-'));
const browser = await launchBrowser(path);
try {
  const begunMs = performance.now();
  const [artifact] = await html.render(sampleRun({ ops, seconds: ops / 5000 }));
  const file = join(folder, 'report.html');
  writeFileSync(file, artifact?.content ?? '');
  const megabytes = (artifact?.content.length ?? 0) / 1e6;
  say(
    `${ops.toLocaleString('en-US')} operations: ${megabytes.toFixed(2)} MB, made in ${((performance.now() - begunMs) / 1000).toFixed(1)} s`,
  );
  for (let time = 1; time <= times; time++) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const fromMs = performance.now();
    await page.goto(pathToFileURL(file).href);
    const loadedMs = performance.now() - fromMs;
    await page.waitForFunction(
      `document.querySelectorAll('.plot.drawn').length === document.querySelectorAll('.plot').length`,
    );
    const drawnMs = performance.now() - fromMs;
    say(`opened in ${loadedMs.toFixed(0)} ms, all charts drawn after ${drawnMs.toFixed(0)} ms`);
    await page.close();
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}
