import { describe, expect, it } from 'vitest';
import { guessFormat } from './guess.ts';

describe('guessFormat', () => {
  it.each([
    [
      '{"index":0,"timeNs":1,"process":0,"phase":"invoke","op":"read","value":null}\n',
      'dtest-jsonl',
    ],
    ['{"process":0,"type":"invoke","f":"read","value":null}\n', 'jsonl'],
    ['{"process":137,"type":"INVOKE","value":2,"f":"WRITE"}\n', 'upper-jsonl'],
    ['[{:process 4, :type :invoke}', 'jepsen-edn'],
    ['({:type :invoke, :f :cas}', 'jepsen-edn'],
    ['; recorded today\n{:process 0, :type :invoke}', 'jepsen-edn'],
    ['[{"type":"invoke","f":"read"}', 'jepsen-json'],
    ['#jepsen.history.Op{:index 0, :type :invoke}', 'jepsen-edn'],
    ['[\n  {\n "type": "invoke"', 'jepsen-json'],
    ['[]\n', 'jepsen-json'],
    ['{"type":"invoke","f":"write","value":{"phase":1,"log":"INFO jepsen.util - "}}\n', 'jsonl'],
    ['\n\n0\t:invoke\t:read\tnil\n', 'jepsen-text'],
    [':nemesis\t:info\t:start\tnil\n', 'jepsen-text'],
    ['2026-01-01 12:00:00,1{GMT}\tINFO\t[main] jepsen.core: Go\n', 'jepsen-log'],
    ['INFO  jepsen.util - 0\t:invoke\t:read\tnil\n', 'jepsen-log'],
    ['w 4 1\n-----\nr 4 1\n', 'session-txt'],
    ['Mar 1 started\nINFO  jepsen.util - 0\t:invoke\t:read\tnil\n', 'jepsen-log'],
  ])('knows %j as %s', (beginning, name) => {
    expect(guessFormat('history', beginning)).toEqual({ kind: 'known', name });
  });

  it('says what it saw and how to help when it knows nothing', () => {
    const guess = guessFormat('h.txt', 'wrote 4 1\n');
    expect(guess).toEqual({
      kind: 'unknown',
      reason:
        'its beginning looks like none of the known formats: it is "wrote 4 1"; ' +
        'name one with --format',
    });
  });
});
