import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BadInput } from '../checkers/formats/bad-input.ts';
import { NotKeyed } from '../checkers/formats/keyed.ts';
import { NotText } from '../store/lines.ts';
import { checkFiles } from './check-files.ts';
import { UsageError } from './failure.ts';
import { checkFlagsFor, filesOf } from './testing/check-flags-for.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dtest-check-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const line = (process: number, type: string, f: string, value: unknown): string =>
  `${JSON.stringify({ process, type, f, value })}\n`;

const valid = line(0, 'invoke', 'write', 1) + line(0, 'ok', 'write', 1);
const stale = valid + line(1, 'invoke', 'read', null) + line(1, 'ok', 'read', null);
const ednOf = (text: string): string =>
  text
    .replaceAll(/"(\w+)":/g, ':$1 ')
    .replaceAll(/ "(\w+)"/g, ' :$1')
    .replaceAll('null', 'nil');

describe('what is checked', () => {
  it.each([
    ['plain', valid],
    ['with Windows line breaks', valid.replaceAll('\n', '\r\n')],
    ['with a byte order mark', `\uFEFF${valid}`],
    ['without a last line break', valid.trimEnd()],
    ['packed with gzip, whatever its name', gzipSync(valid)],
    ['as EDN', ednOf(valid)],
    ['as EDN with a byte order mark', `\uFEFF${ednOf(valid)}`],
    ['as a JSON array', `[${valid.trimEnd().replaceAll('\n', ',')}]`],
    ['as text with tabs', '0\t:invoke\t:write\t1\r\n0\t:ok\t:write\t1\r\n'],
  ])('may be %s', async (_, content) => {
    const [checked] = filesOf(await checkFiles([file('history', content)], checkFlagsFor()));
    expect(checked).toMatchObject({
      checkers: ['linearizable'],
      model: 'register',
      guessed: true,
      operations: 1,
      verdict: { valid: 'valid' },
    });
  });

  it.each(['history.jsonl', 'history.edn', 'history.txt', 'history.edn.gz'])(
    'may be a folder with a %s',
    async (name) => {
      const run = join(folder, `run-${name}`);
      mkdirSync(run);
      const content = name.includes('edn') ? ednOf(stale) : stale;
      writeFileSync(join(run, name), name.endsWith('gz') ? gzipSync(content) : content);
      const [checked] = filesOf(await checkFiles([run], checkFlagsFor()));
      expect([checked?.file, checked?.verdict.valid]).toEqual([join(run, name), 'invalid']);
    },
  );

  it('has keys in pairs where reads are called with nothing but a key', async () => {
    const pairs =
      line(0, 'invoke', 'write', [7, 1]) +
      line(0, 'ok', 'write', [7, 1]) +
      line(1, 'invoke', 'read', [8, null]) +
      line(1, 'ok', 'read', [8, null]);
    const path = file('pairs.jsonl', pairs);
    const [auto, no] = [
      filesOf(await checkFiles([path], checkFlagsFor())),
      filesOf(await checkFiles([path], checkFlagsFor({ keyed: 'no' }))),
    ];
    expect([auto[0]?.verdict.valid, no[0]?.verdict.valid]).toEqual(['valid', 'invalid']);
  });

  it('may be several files, with a line on all of them at the end', async () => {
    const paths = [file('a', valid), file('b', stale), file('c', '')];
    const { text, exitCode, json } = await checkFiles(paths, checkFlagsFor());
    expect(text.split('\n').at(-1)).toBe('3 files: 1 valid, 1 invalid, 1 unknown');
    expect(exitCode).toBe(1);
    expect(json).toMatchObject({ schema: 1, valid: 'invalid' });
  });

  it('may be several files of which one cannot be read, which the others do not suffer for', async () => {
    const paths = [file('good', valid), file('bad', 'what?\n'), join(folder, 'nowhere')];
    const { text, exitCode, json } = await checkFiles(paths, checkFlagsFor({ quiet: true }));
    expect(text.split('\n').map((each) => each.split(' ')[0])).toEqual([
      'VALID',
      'UNREADABLE',
      'UNREADABLE',
      '3',
    ]);
    expect(text).toContain('3 files: 1 valid, 2 unreadable');
    expect(exitCode).toBe(254);
    expect(json).toMatchObject({
      valid: 'unknown',
      files: [{ file: paths[0] }],
      unreadable: [{ file: paths[1] }, { file: paths[2] }],
    });
  });
});

describe('what holds no operation', () => {
  it.each([
    ['nothing', ''],
    ['nothing but faults', line(0, 'info', 'start-partition', null).replace('0', '"nemesis"')],
    ['nothing but blanks', '\n  \n'],
    ['an empty vector', '[]\n'],
    ['nothing, packed', gzipSync('')],
  ])('is unknown: %s', async (_, content) => {
    const outcome = await checkFiles([file('empty', content)], checkFlagsFor());
    expect(outcome.exitCode).toBe(2);
    expect(outcome.text).toContain('UNKNOWN');
    expect(outcome.text).toContain('it holds no operation, so there was nothing to judge');
  });
});

describe('what cannot be read', () => {
  const damaged = (content: string, at: number, byte: number): Uint8Array => {
    const bytes = Buffer.from(content);
    bytes[at] = byte;
    return bytes;
  };

  it.each<[string, string | Uint8Array, new (...all: never[]) => Error, string]>([
    ['a damaged byte', damaged(valid, 70, 0xff), NotText, 'damaged:2: expected UTF-8 text, got'],
    [
      'a damaged bracket',
      damaged(valid, 0, 0x28),
      UsageError,
      'looks like none of the known formats',
    ],
    ['a zero byte', damaged(valid, 60, 0), BadInput, 'damaged:2: expected an event as one JSON'],
    [
      'binary data',
      Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]),
      UsageError,
      'known formats',
    ],
    ['UTF-16', Buffer.from(`\uFEFF${valid}`, 'utf16le'), NotText, 'damaged:1: expected UTF-8 text'],
    ['a page of the web', '<!DOCTYPE html>\n', UsageError, 'it is "<!DOCTYPE html>"'],
    [
      'half of a gzip file',
      gzipSync(valid).subarray(0, 30),
      UsageError,
      'expected a whole gzip file',
    ],
    [
      'two invocations at once',
      valid + valid.split('\n', 1)[0]! + '\n' + valid,
      BadInput,
      'damaged:4: expected the completion',
    ],
    [
      'a completion of nothing',
      line(0, 'ok', 'read', 1),
      BadInput,
      'damaged:1: expected an invocation',
    ],
    [
      'a line of 20 MB',
      `${valid}{"a":"${'x'.repeat(20_000_000)}"}\n`,
      BadInput,
      'damaged:3: expected a line of at most',
    ],
    [
      'an operation of no model',
      line(0, 'invoke', 'zap', 1),
      UsageError,
      'no checker is for all of these operations: zap',
    ],
  ])('is refused with what was expected: %s', async (_, content, kind, message) => {
    const failure = checkFiles([file('damaged', content)], checkFlagsFor());
    await expect(failure).rejects.toThrow(kind);
    await expect(failure).rejects.toThrow(message);
  });

  it('is refused where pairs are expected and something else comes', async () => {
    const failure = checkFiles([file('unpaired', valid)], checkFlagsFor({ keyed: 'yes' }));
    await expect(failure).rejects.toThrow(NotKeyed);
  });

  it('is a folder without a history', async () => {
    const empty = join(folder, 'without');
    mkdirSync(empty);
    await expect(checkFiles([empty], checkFlagsFor())).rejects.toThrow(
      `but ${empty} has no history.jsonl, history.edn, history.txt`,
    );
  });

  it('may end with a torn line, which is noted', async () => {
    const [checked] = filesOf(
      await checkFiles([file('torn', stale.slice(0, -10))], checkFlagsFor()),
    );
    expect(checked?.verdict.valid).toBe('valid');
    expect(checked?.notes).toEqual([
      `${join(folder, 'torn')}:4: the last line was cut off and is left out`,
    ]);
  });
});

describe('how it is judged', () => {
  it('is by the checkers that were asked for, together', async () => {
    const flags = checkFlagsFor({ checkers: ['stats', 'linearizable', 'stats'] });
    const outcome = await checkFiles([file('two', stale)], flags);
    const [checked] = filesOf(outcome);
    expect(checked?.checkers).toEqual(['stats', 'linearizable']);
    expect(checked?.verdict.parts?.map((part) => [part.checker, part.valid])).toEqual([
      ['stats', 'valid'],
      ['linearizable', 'invalid'],
    ]);
    expect(outcome.text).toContain('stats and linearizable as register (guessed), 2 operations');
    expect(outcome.text).toContain('cannot be placed');
  });

  it('is while it is read, where all of the checkers can, and says so where one cannot', async () => {
    const judged = async (checkers: readonly string[]) => {
      const flags = checkFlagsFor({ checkers, stream: true });
      return filesOf(await checkFiles([file('streamed', stale)], flags))[0];
    };
    const both = await judged(['stats', 'linearizable']);
    expect([both?.verdict.valid, both?.notes]).toEqual(['invalid', []]);
    const whole = await judged(['stats', 'monotonic']);
    expect(whole?.notes).toEqual([
      'monotonic can judge whole histories only, so --stream kept all of it in memory',
    ]);
  });

  it('is by the model and options that were given', async () => {
    const path = file('init', line(0, 'invoke', 'read', null) + line(0, 'ok', 'read', 88));
    const judged = async (given: Parameters<typeof checkFlagsFor>[0]) =>
      filesOf(await checkFiles([path], checkFlagsFor(given)))[0]?.verdict.valid;
    expect(await judged({ model: 'cas-register' })).toBe('invalid');
    expect(await judged({ model: 'cas-register', options: { init: '88' } })).toBe('valid');
    expect(await judged({ options: { init: '88' } })).toBe('valid');
    expect(await judged({ model: 'stack' })).toBe('unknown');
  });

  it('notes options that none of the checkers takes', async () => {
    const flags = checkFlagsFor({ checkers: ['stats'], options: { total: '5' }, model: 'stack' });
    const [checked] = filesOf(await checkFiles([file('noted', valid)], flags));
    expect(checked?.notes).toEqual([
      '--total says nothing to stats: it is for bank',
      '--model says nothing to stats',
    ]);
  });

  it.each([
    [{ checkers: ['linearisable'] }, 'did you mean "linearizable"?'],
    [{ model: 'regster' }, 'did you mean "register"?'],
    [{ format: 'xml' }, 'expected a format'],
    [{ options: { init: 'x' } }, 'expected --init as JSON, such as 0, null or \'"a"\', got x'],
    [
      { checkers: ['bank'], options: { total: 'all' } },
      'expected --total as a whole number, got all',
    ],
    [{ checkers: ['lock'], options: { lease: '5' } }, 'expected a duration for --lease'],
    [
      { checkers: ['list-append'], options: { consistency: 'x' } },
      'list-append: expected a consistency level',
    ],
    [{ model: 'counter', options: { init: '"x"' } }, 'linearizable: expected'],
    [{ maxMemory: 'much' }, 'expected --max-memory as 500MB or 2GB, got "much"'],
    [{ timeout: 'soon' }, 'expected a duration for --timeout'],
  ])('is refused: %j', async (given, message) => {
    const failure = checkFiles([file('refused', valid)], checkFlagsFor(given));
    await expect(failure).rejects.toThrow(UsageError);
    await expect(failure).rejects.toThrow(message);
  });

  it('is told in one line for each file when asked to be quiet', async () => {
    const paths = [file('q1', stale), file('q2', valid)];
    const { text } = await checkFiles(paths, checkFlagsFor({ quiet: true }));
    expect(text.split('\n')).toEqual([
      expect.stringMatching(/^INVALID .*q1: not linearizable: /),
      expect.stringMatching(/^VALID .*q2: all 1 operations/),
      '2 files: 1 valid, 1 invalid',
    ]);
  });

  it('says what to do next', async () => {
    const { text } = await checkFiles([file("it's", stale)], checkFlagsFor());
    expect(text).toContain(`next: dtest check '${join(folder, "it'\\''s")}' --json shows all`);
    expect(text).toContain('next: --model NAME and --init JSON judge it as something else');
  });

  it('shows what convicts where it is neither a failure nor a cycle', async () => {
    const bank =
      line(0, 'invoke', 'read', null) +
      line(0, 'ok', 'read', { a: 5, b: 5 }) +
      line(0, 'invoke', 'read', null) +
      line(0, 'ok', 'read', { a: 11, b: -1 });
    const { text } = await checkFiles([file('bank', bank)], checkFlagsFor());
    expect(text).toContain('\n  negative: 1\n    process 0 read a balance of -1 in account b');
  });
});
