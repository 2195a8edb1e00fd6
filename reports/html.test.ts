import { Script } from 'node:vm';
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Run } from '../core/run.ts';
import { chartsOf } from './charts/all.ts';
import { html } from './html.ts';
import { visible } from './markup/visible.ts';
import { hostileValues } from './testing/hostile.ts';
import { hostileRun } from './testing/hostile-run.ts';
import { invalidRun } from './testing/invalid-run.ts';
import { sampleRun } from './testing/sample-run.ts';
import { unescaped } from './testing/tags.ts';

async function pageOf(run: Run): Promise<string> {
  const [artifact] = await html.render(run);
  return artifact!.content as string;
}

const scriptsIn = (page: string) => [...page.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/gu)];
const sha256 = (text: string) => createHash('sha256').update(text).digest('base64');

describe('report.html', () => {
  it('says verdict, reason and command before anything else', async () => {
    const run = invalidRun({ ops: 50, seconds: 3 });
    const page = unescaped(await pageOf(run));
    const places = [
      '✗ Invalid',
      run.results.reason,
      run.command,
      'Evidence</h2>',
      'Charts</h2>',
    ].map((text) => page.indexOf(text, page.indexOf('<main>')));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
  });

  it('runs its own script and style and nothing else, by their hashes', async () => {
    const page = await pageOf(sampleRun({ ops: 50, seconds: 3 }));
    const policy = unescaped(/Content-Security-Policy" content="([^"]*)"/u.exec(page)![1]!);
    const [data, script] = scriptsIn(page);
    expect(data![1]).toContain('type="application/json"');
    expect(policy).toContain(`script-src 'sha256-${sha256(script![2]!)}'`);
    expect(policy).toContain(
      `style-src 'sha256-${sha256(/<style>([\s\S]*)<\/style>/u.exec(page)![1]!)}'`,
    );
    expect(policy).toContain("default-src 'none'");
    expect(page).not.toMatch(/\sstyle="|\son[a-z]+="|(?:src|href)="(?!#|data:image\/png;)/u);
    expect(new Script(script![2]!)).toBeInstanceOf(Script);
  });

  it('holds the chart definitions as data', async () => {
    const run = sampleRun({ ops: 50, seconds: 3 });
    const [data] = scriptsIn(await pageOf(run));
    expect((JSON.parse(data![2]!) as { charts: unknown }).charts).toEqual(chartsOf(run));
  });

  const skeletonOf = (page: string) =>
    [...page.matchAll(/<(\/?[a-z][a-z0-9]*)[\s>/]/giu)].map(([, tag]) => tag);
  let harmless: string[] = [];
  beforeAll(async () => {
    harmless = skeletonOf(await pageOf(hostileRun('harmless'))) as string[];
  });

  it.each(hostileValues)('has the same structure whatever the values: %j', async (value) => {
    const page = await pageOf(hostileRun(value));
    expect(skeletonOf(page)).toEqual(harmless);
    expect(scriptsIn(page)).toHaveLength(2);
    expect(unescaped(page).includes(visible(value))).toBe(true);
    expect(/[^\P{Cc}\n\t]|\p{Bidi_Control}|\p{Cs}/u.test(page)).toBe(false);
  });

  it('cuts a value of 10 MB short and says so', async () => {
    const run = sampleRun({ ops: 20, seconds: 2 });
    const page = await pageOf({ ...run, facts: { blob: 'x'.repeat(10_000_000) } });
    expect(page).toContain('(10,000,000 characters, the first 2,000 shown)');
    expect(page.length).toBeLessThan(2_000_000);
  });

  it('stays under 5 MB for a million operations', { timeout: 300_000 }, async () => {
    const page = await pageOf(invalidRun({ ops: 1e6, seconds: 200 }));
    expect(page.length).toBeLessThan(5_000_000);
    // Ink of charts and operations is there, not only the words.
    expect(page.length).toBeGreaterThan(1_000_000);
  });

  it('stays under 5 MB for a long run with many failures', { timeout: 60_000 }, async () => {
    const run = invalidRun({ ops: 100_000, seconds: 60 });
    const [part] = run.results.verdict.parts!;
    const [failure] = part!.details!.failures as Record<string, unknown>[];
    const operations = Array.from({ length: 300 }, (_, at) => ({
      ...(failure!.operations as object[])[at % 9],
      process: at,
      label: `write ${'y'.repeat(5000)}`,
      input: 'y'.repeat(5000),
    }));
    const failures = Array.from({ length: 40 }, () => ({ ...failure, operations })) as never;
    const verdict = { ...part!, details: { failures } };
    const page = await pageOf({ ...run, results: { ...run.results, verdict } });
    expect(page.length).toBeLessThan(5_000_000);
    expect(page).toContain('28 more failures');
  });
});
