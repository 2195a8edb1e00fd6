import { describe, expect, it } from 'vitest';
import { brief } from '../testing/brief.ts';
import { guessChecker, guessModel } from './guess-checker.ts';

describe('guessChecker', () => {
  it.each([
    ['0 invoke read', 'linearizable', 'register'],
    ['0 invoke write 1 \n 1 invoke cas [1,2]', 'linearizable', 'cas-register'],
    ['0 invoke append "x" \n 1 invoke get', 'linearizable', 'kv-string'],
    ['0 invoke append "x" \n 1 invoke get \n 1 ok get', 'linearizable', 'kv'],
    ['0 invoke append "x" \n 1 invoke read', 'linearizable', 'kv'],
    ['0 invoke append 1 \n 1 invoke read \n 1 ok read [1]', 'linearizable', 'append-list'],
    ['0 invoke enqueue 1', 'linearizable', 'fifo-queue'],
    ['0 invoke enqueue 1 \n 1 invoke drain', 'total-queue', null],
    ['0 invoke pop', 'linearizable', 'stack'],
    ['0 invoke acquire', 'linearizable', 'mutex'],
    ['0 invoke acquire \n 0 ok acquire 7', 'linearizable', 'fenced-mutex'],
    ['0 invoke add 1 \n 1 invoke contains 1', 'linearizable', 'set'],
    ['0 invoke add 1 \n 0 ok add 1 \n 0 invoke read \n 0 ok read 1', 'linearizable', 'counter'],
    ['0 invoke add 1 \n 1 invoke add 1', 'linearizable', 'counter'],
    ['0 invoke add 1 \n 1 invoke add 2', 'set-full', null],
    ['0 invoke add 1 \n 1 invoke read \n 1 ok read [1]', 'set-full', null],
    ['0 invoke remove 1 \n 1 invoke read \n 1 ok read [1]', 'linearizable', 'whole-set'],
    ['0 invoke generate \n 0 ok generate 7', 'unique-ids', null],
    ['0 invoke transfer 1 \n 1 invoke read', 'bank', null],
    ['0 invoke read \n 0 ok read {"0":100}', 'bank', null],
    ['0 invoke txn [["append","x",1]]', 'list-append', null],
    ['0 invoke txn [["r","x",null],["w","y",1]]', 'rw-register', null],
    ['0 invoke txn [["w","y",1]] \n 1 invoke txn [["w","y",1]]', 'linearizable', 'multi-register'],
    ['0 invoke read [["r",0,null]] \n 0 ok read [["r",0,1]]', 'long-fork', null],
  ])('takes %j as %s %s', (text, checker, model) => {
    expect(guessChecker(brief(text))).toEqual({ kind: 'known', checker, model });
  });

  it('admits that it does not know', () => {
    expect(guessChecker(brief('0 invoke zap \n 1 invoke read'))).toEqual({
      kind: 'unknown',
      reason:
        'no checker is for all of these operations: read, zap; ' +
        'name a checker with --checker, or a model with --model',
    });
  });
});

describe('guessModel', () => {
  it('knows models for what other checkers would be guessed for', () => {
    expect(guessModel(brief('0 invoke add 1 \n 1 invoke read \n 1 ok read [1]'))).toMatchObject({
      model: 'whole-set',
    });
    expect(guessModel(brief('0 invoke txn [["w","y",1]]'))).toMatchObject({
      model: 'multi-register',
    });
  });

  it.each([
    ['0 invoke txn [["append","x",1]]', 'no model has transactions that append'],
    ['0 invoke transfer 1', 'no model has all of these operations: transfer'],
  ])('admits that it knows none for %j', (text, reason) => {
    expect(guessModel(brief(text))).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining(reason) as string,
    });
  });
});
