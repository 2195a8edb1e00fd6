import { describe, expect, it } from 'vitest';
import { evidenceText } from './evidence-text.ts';
import { markdown } from './markdown.ts';
import { summaryText } from './summary.ts';
import { hostileValues } from './testing/hostile.ts';
import { hostileRun } from './testing/hostile-run.ts';
import { invalidRun } from './testing/invalid-run.ts';
import { sampleRun } from './testing/sample-run.ts';

describe('the summary for a terminal', () => {
  it('says verdict and reason first and the command last', () => {
    const run = invalidRun({ ops: 200, seconds: 10 });
    const lines = summaryText(run).split('\n');
    expect(lines[0]).toBe(`✗ INVALID  ${run.results.reason}`);
    expect(lines.at(-2)).toBe(`report  ${run.path}/report.html`);
    expect(lines.at(-1)).toBe(`again   ${run.command}`);
  });

  it('shows the operation that could not be placed', () => {
    const { verdict } = invalidRun({ ops: 10 }).results;
    expect(evidenceText(verdict).split('\n')).toEqual([
      'key 3: process 12 read 2 after the write of 5 had returned',
      '  #  operation  process     called  lasted  then',
      '  1  write 2    0 on n1   4.0000 s    4 ms  state 2',
      '  2  read → 2   1 on n2   4.0010 s  4.5 ms  state 2',
      '  3  cas 2 → 5  1 on n2   4.0080 s    3 ms  state 5',
      '  4  write 5    0 on n1   4.0070 s  895 ms  state 5',
      '  5  read → 5   1 on n2   4.9040 s    4 ms  state 5',
      '  6  read → 5   4 on n4   4.3000 s  610 ms  state 5',
      '  ✗  read → 2   12 on n3  4.9200 s  1.4 ms  cannot be placed',
    ]);
  });

  it('has colours only when asked', () => {
    const run = sampleRun({ ops: 20, seconds: 2 });
    expect(summaryText(run)).not.toContain('\u{1b}');
    expect(summaryText(run, { color: true })).toMatch(/^\u{1b}\[1;32m✓ VALID\u{1b}\[0m /u);
  });

  it.each(hostileValues)('lets %j neither move the cursor nor add a line', (value) => {
    const text = summaryText(hostileRun(value));
    expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
    expect(text.split('\n')).toHaveLength(summaryText(hostileRun('x')).split('\n').length);
  });
});

describe('the summary in Markdown', () => {
  it.each(hostileValues)('keeps %j out of its structure', async (value) => {
    const render = async (text: string): Promise<string> =>
      (await markdown.render(hostileRun(text)))[0]!.content as string;
    const [tables] = (await render(value)).split('sh\n');
    const [plain] = (await render('x')).split('sh\n');
    expect(tables?.split('\n').length).toBe(plain?.split('\n').length);
    expect(tables).not.toMatch(/<|\[link\]\(|!\[/u);
    const cells = (text: string | undefined) =>
      text?.split('\n').map((line) => line.split('|').length);
    expect(cells(tables)).toEqual(cells(plain));
  });
});
