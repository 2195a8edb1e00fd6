import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { historyOf } from '../core/history.ts';
import type { Verdict } from '../core/verdict.ts';
import { type LogPatternsOptions, commonPatterns, linesIn, logPatterns } from './log-patterns.ts';

const verdictOn = (lines: readonly string[], options: LogPatternsOptions = {}) =>
  logPatterns({ logs: () => [{ node: 'n1', file: 'stderr.log', lines }], ...options }).check(
    historyOf([]),
  ) as Verdict;

describe('the common patterns', () => {
  it.each([
    ['panic: runtime error: index out of range [3] with length 3', 'panic'],
    ["thread 'raft' panicked at src/log.rs:81:9:", 'panic'],
    ['PANIC:  could not locate a valid checkpoint record', 'panic'],
    ['{"level":"panic","msg":"tocommit(9) is out of range"}', 'panic'],
    ['WARNING: DATA RACE', 'data race'],
    ['[signal SIGSEGV: segmentation violation code=0x1]', 'memory error'],
    ['==7==ERROR: AddressSanitizer: heap-use-after-free', 'memory error'],
    ['java.lang.OutOfMemoryError: Java heap space', 'out of memory'],
    ['server: raft.c:212: Assertion `term >= 0` failed.', 'failed assertion'],
    ['invariant violated: commit index went back from 7 to 5', 'broken invariant'],
    ['wal: crc mismatch at offset 4096', 'corrupt data'],
    ['Exception in thread "main" java.io.IOException', 'uncaught error'],
  ])('find in %j a %s', (line, name) => {
    const verdict = verdictOn(['started', line]);
    expect(verdict.valid).toBe('invalid');
    expect(verdict.summary).toBe(
      `node n1 logged a ${name} in line 2 of stderr.log: ${line} (${name}: 1)`,
    );
  });

  it.each([
    'error: connection refused',
    'leader changed, dropping 3 proposals',
    'checking invariants every 10 s',
    'panic button pressed',
    'verified checksum of snapshot 7',
  ])('pass over %j', (line) => expect(verdictOn([line]).valid).toBe('valid'));
});

it('says unknown without logs, and without a line in them', () => {
  expect((logPatterns().check(historyOf([])) as Verdict).valid).toBe('unknown');
  expect(verdictOn([]).valid).toBe('unknown');
});

it('passes over what it was told to', () => {
  expect(verdictOn(['panic: injected'], { except: /injected/ }).valid).toBe('valid');
});

it('looks for patterns of its user instead', () => {
  const patterns = [{ name: 'split brain', expression: /two leaders/ }];
  expect(verdictOn(['panic: x'], { patterns }).valid).toBe('valid');
  expect(verdictOn(['two leaders in term 4'], { patterns }).valid).toBe('invalid');
});

it('asks for the logs anew for each check', () => {
  const checker = logPatterns({
    logs: () => [{ node: 'n1', lines: linesIn(['panic: ', 'gone\nfine\n']) }],
  });
  const [first, second] = [checker.check(historyOf([])), checker.check(historyOf([]))];
  expect(first).toEqual(second);
  expect(first).toMatchObject({ valid: 'invalid', details: { lines: 2 } });
});

it('counts what testing each line against each pattern counts', () => {
  const word = fc.constantFrom(
    'panic: ',
    'ok ',
    'SIGSEGV ',
    'AssertionError ',
    'invariant x fails ',
  );
  fc.assert(
    fc.property(fc.array(fc.array(word, { maxLength: 4 })), (all) => {
      const lines = all.map((words) => words.join(''));
      const matches = lines.map((line) =>
        commonPatterns.find((each) => each.expression.test(line)),
      );
      const { details } = verdictOn(lines);
      for (const { name } of commonPatterns) {
        const count = matches.filter((match) => match?.name === name).length;
        expect(details?.[name]).toMatchObject({ count });
      }
    }),
  );
});

it('cuts any text into the same lines, whatever the pieces', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n') });
  fc.assert(
    fc.property(text, fc.nat(5), (whole, size) => {
      const pieces = whole.match(new RegExp(`[^]{1,${size + 1}}`, 'g')) ?? [];
      const expected = whole.split('\n');
      if (expected.at(-1) === '') expected.pop();
      expect([...linesIn(pieces)]).toEqual(expected);
    }),
  );
});

it('keeps no more of an endless line than it searches', () => {
  const piece = 'x'.repeat(100_000);
  const [line = ''] = linesIn(Array.from({ length: 100 }, () => piece));
  expect(line.length).toBeLessThan(10_000);
});
