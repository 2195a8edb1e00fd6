import { expect, it } from 'vitest';
import type { Subject } from './assignment.ts';
import { parseAnswer, runOther, wordsOf } from './other.ts';

const subject: Subject = {
  file: 'a b.jsonl',
  format: 'jsonl',
  checker: 'linearizable',
  options: { model: 'stack', failedCas: 'assert' },
  expected: null,
};

it('fills in the command, one word for each file', () => {
  const command = 'check --model {model} --cas {failed-cas} -n {passes} {file}';
  const words = wordsOf(command, [subject, { ...subject, file: 'c' }], 6);
  expect(words).toEqual([
    'check',
    '--model',
    'stack',
    '--cas',
    'assert',
    '-n',
    '6',
    'a b.jsonl',
    'c',
  ]);
});

it('reads the last pass', () => {
  const lines = [
    '{"verdict": "valid", "cpuMs": 9, "peakMb": 1}',
    '{"verdict": "valid", "cpuMs": 2.5, "peakMb": 1}',
  ];
  expect(parseAnswer(lines.join('\n'), 1)).toEqual({
    kind: 'measured',
    pass: { cpuMs: 2.5, peakMb: 1, verdicts: ['valid'] },
  });
});

it('reads a verdict for each file', () => {
  const line = '{"verdict": ["valid", "unknown"], "cpuMs": 9, "peakMb": 1}';
  expect(parseAnswer(line, 2)).toMatchObject({ pass: { verdicts: ['valid', 'unknown'] } });
});

it.each([
  ['nothing', ''],
  ['no JSON', 'valid'],
  ['no time', '{"verdict": "valid", "peakMb": 1}'],
  ['another verdict', '{"verdict": "maybe", "cpuMs": 9, "peakMb": 1}'],
  ['too few verdicts', '{"verdict": [], "cpuMs": 9, "peakMb": 1}'],
])('refuses an answer with %s', (_, text) => {
  expect(parseAnswer(text, 1)).toMatchObject({ kind: 'failed' });
});

it('runs the command', async () => {
  const script = 'console.log(JSON.stringify({verdict:"valid",cpuMs:1,peakMb:2}))';
  const command = `${process.execPath} -e ${script}`;
  const attempt = await runOther([subject], { command, passes: 1, timeoutMs: 30_000 });
  expect(attempt).toEqual({
    kind: 'measured',
    pass: { cpuMs: 1, peakMb: 2, verdicts: ['valid'] },
  });
});

it('says what went wrong with it', async () => {
  const options = { command: 'no-such-checker {file}', passes: 1, timeoutMs: 30_000 };
  const attempt = await runOther([subject], options);
  expect(attempt).toMatchObject({ kind: 'failed' });
  expect(attempt.kind === 'failed' && attempt.reason).toContain('no-such-checker');
});
