import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const bin = join(import.meta.dirname, '../bin/dtest.js');
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dtest-cli-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const dtest = (...words: readonly string[]) =>
  execa(process.execPath, [bin, ...words], { cwd: folder, reject: false });

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

const line = (process: number, type: string, f: string, value: unknown): string =>
  `${JSON.stringify({ process, type, f, value })}\n`;

const valid = [
  line(0, 'invoke', 'write', 1),
  line(0, 'ok', 'write', 1),
  line(1, 'invoke', 'read', null),
  line(1, 'ok', 'read', 1),
].join('');

const stale = [
  line(0, 'invoke', 'write', 1),
  line(0, 'ok', 'write', 1),
  line(0, 'invoke', 'write', 2),
  line(0, 'ok', 'write', 2),
  line(1, 'invoke', 'read', null),
  line(1, 'ok', 'read', 1),
].join('');

describe('bad arguments end with 254, say what was expected, and show no stack trace', () => {
  it.each([
    [['runn'], 'did you mean "run"'],
    [['run', 'regster'], 'did you mean "register"'],
    [['run', '--system', 'rafft'], 'did you mean "raft"'],
    [['run', '--nemesis', 'partition:sideways'], 'expected a shape of partition'],
    [['run', '--time', 'soon'], 'expected a duration for --time'],
    [
      ['run', '--nodes', '0'],
      'expected --nodes to be an integer greater than or equal to 1, got "0"',
    ],
    [['run', '--nodes', '2'], 'expected at least 3 nodes, so that faults leave a majority'],
    [['run', '--time', '0s'], 'expected a duration for --time'],
    [['run', '--nemesis-interval', '1ms'], 'expected --nemesis-interval of at least 100ms'],
    [['run', '--set', 'reads'], 'expected --set name=value'],
    [['run', '--set', 'color=red'], 'expected a setting of raft'],
    [['run', '--set', 'reads=sometimes'], 'expected the setting reads to be one of'],
    [['run', '--set', 'electionMs=soon'], 'expected the setting electionMs to be a whole number'],
    [['run', '--nemesis', 'none,kill'], 'expected --nemesis none or faults, got both'],
    [['run', '--nemesis', ','], 'expected a fault'],
    [['run', '--read-ratio', '2'], 'from 0 to 1'],
    [['run', '--threshold', 'p98<1ms'], 'expected a threshold like'],
    [['run', '--world', 'moon'], 'expected a world'],
    [['run', '--junit', '.'], 'expected --junit to name a file, got the folder'],
    [['run', '--frobnicate'], 'expected flags that there are, got --frobnicate'],
    [['check'], 'expected an argument, file (Histories, or folders of runs), got none'],
    [
      ['check', 'x', '--keyed', 'perhaps'],
      'expected --keyed to be one of auto, yes, no, got "perhaps"',
    ],
    [['check', 'x', '--init'], 'expected a value for --init, got none'],
    [['check', 'nowhere.jsonl'], 'found nothing at nowhere.jsonl'],
    [['report', 'nowhere'], 'expected a run'],
    [['replay', 'nowhere'], 'expected a run'],
    [['list', 'nothings'], 'expected a kind of part'],
  ])('%j: %s', async (words, expected) => {
    const { exitCode, stderr } = await dtest(...words);
    expect(stderr).toContain(expected);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(exitCode).toBe(254);
  });
});

describe('dtest check', () => {
  it('ends with 0 for a valid history and 1 for an invalid one', async () => {
    expect((await dtest('check', file('valid.jsonl', valid))).exitCode).toBe(0);
    const { exitCode, stdout } = await dtest('check', file('stale.jsonl', stale));
    expect(exitCode).toBe(1);
    expect(stdout).toContain('INVALID stale.jsonl');
    expect(stdout).toContain('cannot be placed');
  });

  it('merges the verdicts of several files', async () => {
    const words = ['check', file('valid.jsonl', valid), file('stale.jsonl', stale), '--json'];
    const { exitCode, stdout } = await dtest(...words);
    expect(exitCode).toBe(1);
    const { valid: merged, files } = JSON.parse(stdout) as {
      valid: string;
      files: { verdict: { valid: string } }[];
    };
    expect(merged).toBe('invalid');
    expect(files.map(({ verdict }) => verdict.valid)).toEqual(['valid', 'invalid']);
  });

  it('gives up with 2 when the budget is spent', async () => {
    // Values written twice, all at once: the read names no single write, so there is something to search.
    const exchanges = (type: string): string =>
      [0, 1, 2, 3].map((at) => line(at, type, 'cas', [at % 2, (at + 1) % 2])).join('');
    const hard = [
      exchanges('invoke'),
      line(5, 'invoke', 'write', 0),
      exchanges('ok'),
      line(5, 'ok', 'write', 0),
      line(6, 'invoke', 'read', null),
      line(6, 'ok', 'read', 0),
    ];
    const words = ['check', file('hard.jsonl', hard.join('')), '--max-steps', '1'];
    const { exitCode, stdout } = await dtest(...words);
    expect([exitCode, stdout.split(' ')[0]]).toEqual([2, 'UNKNOWN']);
  });

  it('says that an empty history gave it nothing to judge', async () => {
    const { exitCode, stdout } = await dtest('check', file('empty.jsonl', ''));
    expect([exitCode, stdout]).toEqual([2, expect.stringContaining('it holds no operation')]);
  });

  it('takes the initial value from --init', async () => {
    const path = file('init.jsonl', line(1, 'invoke', 'read', null) + line(1, 'ok', 'read', 88));
    expect((await dtest('check', path)).exitCode).toBe(1);
    expect((await dtest('check', path, '--init', '88')).exitCode).toBe(0);
    expect((await dtest('check', path, '--init', 'eighty')).exitCode).toBe(254);
  });

  it('names file and line of what it cannot read', async () => {
    const path = file('bad.jsonl', `${valid}{"process": 1, "type": "maybe", "f": "read"}\n`);
    const { exitCode, stderr } = await dtest('check', path);
    expect(exitCode).toBe(254);
    expect(stderr).toContain('bad.jsonl:5');
  });
});

describe('a run whose files were damaged', () => {
  const plan = '{"schema":1,"plan":{"world":"local"},"command":"dtest run"}';
  it.each([
    ['{', undefined, 'expected JSON in'],
    [plan, undefined, "expected the run's history.jsonl"],
    [plan, '{"index"\n{}\n', 'history.jsonl:1: expected an event'],
  ])('is refused with 254: %s, %s', async (test, history, expected) => {
    const damaged = mkdtempSync(join(folder, 'damaged-'));
    writeFileSync(join(damaged, 'test.json'), test);
    if (history !== undefined) writeFileSync(join(damaged, 'history.jsonl'), history);
    for (const command of ['report', 'replay']) {
      const { exitCode, stderr } = await dtest(command, damaged);
      expect([exitCode, stderr]).toEqual([254, expect.stringContaining(expected)]);
    }
  });
});

describe('dtest', () => {
  it('goes without compiled modules where they cannot be kept', async () => {
    const env = { NODE_COMPILE_CACHE: '/dev/null/nowhere' };
    const { stdout, stderr, exitCode } = await execa(process.execPath, [bin, '--version'], { env });
    expect([stdout, stderr, exitCode]).toEqual([expect.stringMatching(/^dtest/u), '', 0]);
  });

  it('says its version and shows help', async () => {
    expect((await dtest('--version')).stdout).toMatch(/^dtest\/\d+\.\d+\.\d+ /);
    expect((await dtest('-v')).stdout).toMatch(/^dtest\/\d/);
    for (const words of [
      ['--help'],
      ['-h'],
      ['help', 'run'],
      ['check', '--help'],
      ['run', '-h'],
      [],
    ]) {
      const { exitCode, stdout } = await dtest(...words);
      expect([exitCode, stdout.includes('USAGE')]).toEqual([0, true]);
    }
  });

  it('every command has examples', async () => {
    for (const name of ['run', 'check', 'replay', 'report', 'list', 'doctor', 'clean']) {
      expect((await dtest(name, '--help')).stdout).toContain('EXAMPLES');
    }
  });

  it('lists what there is as JSON', async () => {
    const { stdout } = await dtest('list', 'systems', '--json');
    const { systems } = JSON.parse(stdout) as { systems: { name: string }[] };
    expect(systems.map(({ name }) => name)).toEqual(['raft', 'paxos', 'etcd', 'redis']);
  });

  it('loads a configuration in any folder, whichever dtest runs', async () => {
    const inside = mkdtempSync(join(folder, 'configured-'));
    const config =
      "import { defineConfig } from 'dtest';\nexport default defineConfig({ nodes: 0 });\n";
    writeFileSync(join(inside, 'dtest.config.ts'), config);
    const { stderr } = await execa(process.execPath, [bin, 'run'], { cwd: inside, reject: false });
    expect(stderr).toContain('expected --nodes to be an integer');
  });

  it('ends with its own exit code when nobody reads what it says', async () => {
    const pipe = execa('sh', ['-c', `"${process.execPath}" "${bin}" list formats; echo $? >&2`], {
      cwd: folder,
      reject: false,
    });
    pipe.stdout.destroy();
    expect((await pipe).stderr).toBe('0');
  });

  it.each([
    ['{ nodse: 3 }', '"nodse"'],
    ['{ nodes: "three" }', 'to be an integer, got "three"'],
    ['{ nodes: 0 }', 'greater than or equal to 1'],
    ['{ time: 30 }', 'expected a duration for --time'],
    ['{ set: ["color=red"] }', 'expected a setting of raft'],
    ['{ time: { s: 3 } }', 'expected "time" to be a text, a number or a list'],
  ])('refuses the configuration %s as it would refuse the flags', async (text, expected) => {
    const inside = mkdtempSync(join(folder, 'configured-'));
    const config = `export default ${text};\n`;
    writeFileSync(join(inside, 'dtest.config.ts'), config);
    const { exitCode, stderr } = await execa(process.execPath, [bin, 'run'], {
      cwd: inside,
      reject: false,
    });
    expect(stderr).toContain(expected);
    expect(exitCode).toBe(254);
  });
});
