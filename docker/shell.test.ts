import { execa } from 'execa';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerReader, framed } from './shell.ts';

const word = 'dtest-0123456789abcdef';

describe('the answers of a shell', () => {
  it('are told apart however the output is cut into chunks', () => {
    const answer = fc.record({
      output: fc.string().filter((text) => !text.includes(word)),
      code: fc.integer({ min: 0, max: 255 }),
    });
    const cuts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(answer), cuts, (answers, sizes) => {
        const reader = answerReader(word);
        const output = answers
          .map((each) => `${each.output}\n${word} ${String(each.code)}\n`)
          .join('');
        const read = [];
        for (let at = 0, turn = 0; at < output.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          read.push(...reader.add(output.slice(at, at + size)));
          at += size;
        }
        expect(read).toEqual(answers);
        expect(reader.pendingLength()).toBe(0);
      }),
    );
  });
});

describe('a framed script', () => {
  const runAll = async (scripts: readonly string[]) => {
    const input = scripts.map((script) => framed(script, word)).join('');
    const { stdout } = await execa('bash', ['--norc', '--noprofile'], { input });
    return answerReader(word).add(`${stdout}\n`);
  };

  it('gives what the last command gave, with errors in the output', async () => {
    expect(await runAll(['echo one; ls /dev/null/below'])).toEqual([
      { output: expect.stringMatching(/^one\n.*below/) as string, code: 2 },
    ]);
  });

  it('cannot read the scripts that come after it', async () => {
    const answers = await runAll(['cat', "cat << 'END'\n$HOME\nEND", 'false']);
    expect(answers).toEqual([
      { output: '', code: 0 },
      { output: '$HOME\n', code: 0 },
      { output: '', code: 1 },
    ]);
  });
});
