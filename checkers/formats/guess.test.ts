import { describe, expect, it } from 'vitest';
import { brief } from '../testing/brief.ts';
import { guessFormat, guessModel } from './guess.ts';

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

describe('guessModel', () => {
  it.each([
    ['0 invoke read', 'register'],
    ['0 invoke write 1 \n 1 invoke cas [1,2]', 'cas-register'],
    ['0 invoke append "x" \n 1 invoke get', 'kv-string'],
    ['0 invoke append "x" \n 1 invoke read', 'kv'],
    ['0 invoke enqueue 1', 'fifo-queue'],
    ['0 invoke pop', 'stack'],
    ['0 invoke acquire', 'mutex'],
    ['0 invoke add 1 \n 1 invoke contains 1', 'set'],
    ['0 invoke add 1 \n 0 ok add 1 \n 0 invoke read \n 0 ok read 1', 'counter'],
    ['0 invoke txn [["r","x",null],["w","y",1]]', 'multi-register'],
  ])('takes %j as %s', (text, name) => {
    expect(guessModel(brief(text))).toEqual({ kind: 'known', name });
  });

  it.each([
    [
      '0 invoke transfer 1 \n 1 invoke read',
      'no model has all of these operations: read, transfer',
    ],
    ['0 invoke txn [["append","x",1]]', 'list-append transactions have no model here'],
    ['0 invoke add 1 \n 1 invoke read \n 1 ok read [1]', 'a set that is read whole'],
    ['0 invoke read \n 0 ok read {"0":100}', 'reads of balances'],
    ['0 invoke read [["r",0,null]] \n 0 ok read [["r",0,1]]', 'reads of several keys'],
  ])('admits that it does not know %j', (text, reason) => {
    const guess = guessModel(brief(text));
    expect(guess.kind).toBe('unknown');
    expect(guess.kind === 'unknown' && guess.reason).toContain(reason);
  });
});
