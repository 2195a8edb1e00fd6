import { describe, expect, it } from 'vitest';
import type { TransactionCycle } from '../../core/evidence.ts';
import { historyOf } from '../../core/history.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Verdict } from '../../core/verdict.ts';
import { brief } from '../testing/brief.ts';
import { listAppend } from './list-append.ts';
import { briefTransactions } from './testing/brief-transactions.ts';

async function judge(text: string, consistency?: string): Promise<Verdict> {
  const checker = listAppend(consistency === undefined ? {} : { consistency });
  return checker.check(briefTransactions(text));
}

const anomaliesOf = ({ details }: Verdict): Readonly<Record<string, number>> =>
  details?.anomalies as Record<string, number>;

const detailsOf = ({ details }: Verdict, anomaly: string): JsonObject =>
  details?.[anomaly] as JsonObject;

const wordsOf = (verdict: Verdict, anomaly: string): string => {
  const examples = detailsOf(verdict, anomaly).examples as readonly { words: string }[];
  return examples[0]?.words ?? '';
};

const cyclesOf = ({ details }: Verdict): readonly TransactionCycle[] =>
  details?.cycles as unknown as readonly TransactionCycle[];

describe('list-append finds', () => {
  it.each([
    ['nothing in a session that reads what it appended', 'ax1 | rx[1] ax2 | rx[1,2]', []],
    ['nothing in a crashed append that is seen', 'ax1 ! \n - | rx[] \n - | - | rx[1]', []],
    ['nothing in a crashed append that is never seen', 'ax1 ! \n - | rx[] ax2 | rx[2]', []],
    ['nothing in an aborted append that another repeats', 'ax1 ~ | ax1 | rx[1]', []],
    ['nothing in own elements before they commit', 'rx[] ax1 rx[1] ax2 rx[1,2] | rx[1,2]', []],
    ['a value from nowhere', 'rx[7]', ['garbage-read']],
    ['an element twice', 'ax1 | rx[1,1]', ['duplicate-elements']],
    ['an own element twice', 'ax1 rx[1,1]', ['duplicate-elements']],
    [
      'orders that exclude each other',
      'ax1 \n ax2 \n - | rx[1,2] \n - | rx[2,1]',
      ['incompatible-order'],
    ],
    [
      'an element that a later read lacks',
      'ax1 | ax2 | ax3 | rx[1,2,3] | rx[1,3]',
      ['incompatible-order'],
    ],
    ['an aborted read (G1a)', 'ax1 ~ \n rx[1]', ['G1a']],
    ['an update of what was aborted', 'ax1 ~ | ax2 | rx[1,2]', ['G1a', 'dirty-update']],
    ['an intermediate read (G1b)', 'ax1 ax2 \n rx[1] \n - | rx[1,2]', ['G1b']],
    ['a transaction blind to itself', 'ax1 rx[]', ['internal']],
    ['reads that differ within a transaction', 'ax1 \n rx[] rx[1]', ['internal']],
    ['a read of what is appended only later', 'rx[1] ax1', ['future-read']],
    [
      'a lost update',
      'ax1 | rx[1] ax2 \n - | rx[1] ax3 \n - | - | rx[1,2,3]',
      ['lost-update', 'G-single'],
    ],
    ['a lost update that no read shows', 'rx[] ax1 \n rx[] ax2', ['lost-update', 'G2-item']],
    [
      'a change between read and append',
      'rx[] ax1 \n ax2 \n - | rx[2,1]',
      ['G-cursor', 'G-single'],
    ],
    ['a fractured read', 'ax1 ay1 \n rx[] ry[1]', ['fractured-read', 'G-single']],
    ['what was seen and then is gone (OTV)', 'ax1 ay1 \n rx[1] ry[]', ['OTV', 'fractured-read']],
    ['the same where nobody ever saw the rest', 'ax1 ay1 \n rx[1] ry[2] ay3 \n ay2', ['OTV']],
    [
      'a causality violation',
      'ax1 \n rx[1] ay1 \n ry[1] rx[]',
      ['causality-violation', 'G-single'],
    ],
    ['writes in a circle (G0)', 'ax1 ay1 \n ax2 ay2 \n - | rx[1,2] ry[2,1]', ['G0']],
    ['information in a circle (G1c)', 'ax1 ry[1] \n ay1 rx[1]', ['G1c']],
    [
      'a read between two writes that a third follows (G-single)',
      'ax1 | ay1 \n ax2 ay2 \n rx[1] ry[2,1] \n - | rx[1,2] ry[2,1]',
      ['G-single'],
    ],
    ['a long fork (G-nonadjacent)', 'ax1 \n ay1 \n rx[1] ry[] \n rx[] ry[1]', ['G-nonadjacent']],
    ['write skew (G2-item)', 'rx[] ry[] ax1 \n rx[] ry[] ay1', ['G2-item']],
    ['a session whose writes change places', 'ax1 | ax2 \n - | - | rx[2,1]', ['G0-process']],
    ['a session that goes back', 'ax1 | rx[]', ['G-single-process']],
    [
      'two sessions that miss each other',
      'ax1 | ry[] \n ay1 | rx[] \n - | - | rx[1] ry[1]',
      ['G-nonadjacent-process'],
    ],
    ['own elements in the wrong order', 'ax1 ax2 | rx[2,1]', ['incompatible-order']],
    ['an own element without the one before it', 'ax1 ax2 | rx[2]', ['incompatible-order']],
    [
      'a write that comes before what was over',
      'ax1 \n - | ax2 \n - | - | rx[2,1]',
      ['G0-realtime'],
    ],
    ['a read of what was not yet begun', 'rx[1] \n - | ax1', ['G1c-realtime']],
    ['a stale read', 'ax1 \n - | rx[]', ['G-single-realtime']],
  ])('%s', async (_name, text, expected) => {
    const verdict = await judge(text);
    const found = Object.keys(anomaliesOf(verdict));
    expect(found).toEqual(expect.arrayContaining([...expected]));
    expect(verdict.valid).toBe(expected.length === 0 ? 'valid' : 'invalid');
    if (expected.length === 0) expect(found).toEqual([]);
  });
});

it('list-append finds two misses in a row that only real time closes', async () => {
  const lines = [
    '0 invoke txn [["append","x",1],["r","y",null]]',
    '1 invoke txn [["append","y",1]]',
    '1 ok txn [["append","y",1]]',
    '2 invoke txn [["r","x",null]]',
    '2 ok txn [["r","x",[]]]',
    '0 ok txn [["append","x",1],["r","y",[]]]',
  ];
  const verdict = await listAppend().check(historyOf(brief(lines.join('\n'))));
  expect(Object.keys(anomaliesOf(verdict))).toEqual(['G2-item-realtime']);
});

it.each([
  ['saw the rest only later', 'ax1 ay1 \n rx[] ry[1]', 'valid'],
  ['missed the rest later', 'ax1 ay1 \n rx[1] ry[]', 'invalid'],
  ['lost sight of it in the same list', 'ax1 \n rx[1] rx[] \n - | rx[1]', 'invalid'],
  ['saw all', 'ax1 ay1 \n rx[1] ry[1]', 'valid'],
] as const)('a view is monotonic and atomic, or not, of who %s', async (_, text, expected) => {
  expect((await judge(text, 'monotonic-atomic-view')).valid).toBe(expected);
  expect((await judge(text, 'read-committed')).valid).toBe('valid');
});

describe('list-append', () => {
  const stale = 'ax1 \n - | rx[]';

  it('convicts at the level that was promised, and tells the rest', async () => {
    expect((await judge(stale, 'strict-serializable')).valid).toBe('invalid');
    const weaker = await judge(stale, 'strong-session-serializable');
    expect(weaker.valid).toBe('valid');
    expect(weaker.summary).toBe(
      '2 committed and 0 crashed transactions, and no anomaly that strong-session-serializable forbids (G-single-realtime: 1)',
    );
    expect(weaker.details?.levels).toEqual({
      violated: ['strong-snapshot-isolation'],
      ruledOut: ['strong-snapshot-isolation', 'strict-serializable'],
      strongestLeft: ['strong-session-serializable', 'strong-read-committed'],
    });
  });

  it('refuses a level that there is not', () => {
    expect(() => listAppend({ consistency: 'linear' })).toThrow(/one of .*, got "linear"/);
  });

  it.each([
    ['an empty history', '', /no transaction that read anything/],
    ['appends alone', 'ax1 | ax2', /no transaction that read anything/],
    [
      'an element appended twice',
      'ax1 \n ax1 \n - | rx[1]',
      /appended once to a key, got 1 appended twice/,
    ],
    ['writes of registers', 'wx1', /expected transactions of .*append.*, got \["w","x",1\]/],
  ])('says unknown of %s', async (_name, text, why) => {
    const verdict = await judge(text);
    expect(verdict.valid).toBe('unknown');
    expect(verdict.summary).toMatch(why);
  });

  it('says unknown of other operations, and of a read that is no list', async () => {
    const strange = await listAppend().check(historyOf(brief('0 invoke add 1\n0 ok add 1')));
    expect([strange.valid, strange.summary]).toEqual([
      'unknown',
      'expected only the operation txn, got add: nothing can be concluded',
    ]);
    const odd = '0 invoke txn [["r","x",null]]\n0 ok txn [["r","x",3]]';
    const verdict = await listAppend().check(historyOf(brief(odd)));
    expect([verdict.valid, verdict.summary]).toEqual([
      'unknown',
      'expected reads of what can have been read, got ["r","x",3]: nothing can be concluded',
    ]);
  });

  it('tells why a cycle closes, with every transaction in it', async () => {
    const [cycle] = cyclesOf(await judge('ax1 ay1 \n rx[] ry[1]'));
    expect(cycle).toMatchObject({
      anomaly: 'G-single',
      summary:
        'T1 read x as [], before T2 appended 1; T2 appended 1 to y, and T1 read it: so T1 comes before T2, and T2 before T1',
      dependencies: [
        { kind: 'rw', why: 'T1 read x as [], before T2 appended 1' },
        { kind: 'wr', why: 'T2 appended 1 to y, and T1 read it' },
      ],
      transactions: [
        { name: 'T1', process: 1, node: null, phase: 'ok', label: 'read x [], read y [1]' },
        { name: 'T2', process: 0, node: null, phase: 'ok', label: 'append x 1, append y 1' },
      ],
    });
  });

  it('names moments and processes where they close a cycle', async () => {
    expect(wordsOf(await judge(stale), 'G-single-realtime')).toBe(
      'T1 read x as [], before T2 appended 1; T2 was over at event 1, before T1 began at event 2: so T1 comes before T2, and T2 before T1',
    );
    expect(wordsOf(await judge('ax1 | rx[]'), 'G-single-process')).toContain(
      'process 0 did T2 before T1',
    );
  });

  it('tells what it concluded from appends that no read shows', async () => {
    const verdict = await judge('ax1 | rx[1] \n - | ax2 ry[] \n - | ay1 | rx[1]');
    expect(wordsOf(verdict, 'G-single-realtime')).toContain(
      'T1 read x as [1], before T2 appended 2',
    );
  });

  it('names transactions by process and time where one alone is wrong', async () => {
    expect(wordsOf(await judge('ax1 ~ \n rx[1]'), 'G1a')).toBe(
      'the transaction of process 1 at event 1 read x as [1], but the transaction of process 0 at event 0, which appended 1, had failed',
    );
  });

  it('shortens long lists and long transactions, and keeps at most 16 examples', async () => {
    const all = Array.from({ length: 20 }, (_, at) => at);
    const appends = all.map((at) => `ax${at}`).join(' ');
    const reads = Array.from({ length: 40 }, () => `rx[${all.join(',')},99]`).join('\n');
    const verdict = await judge(`${appends} \n ${reads}`);
    expect(wordsOf(verdict, 'garbage-read')).toContain('read x as [0, 1, 2, 3, …, 17, 18, 19, 99]');
    const { count, leftOut, examples } = detailsOf(verdict, 'garbage-read');
    expect([count, leftOut, (examples as readonly Json[]).length]).toEqual([40, 24, 16]);
  });

  it('takes elements and keys of any kind of data', async () => {
    const event = (process: number, phase: string, micros: string): string =>
      `${process} ${phase} txn ${micros}`;
    const lines = [
      event(0, 'invoke', '[["append",[1,"a"],{"id":1}],["append",1,"1"],["append","1",1]]'),
      event(0, 'ok', '[["append",[1,"a"],{"id":1}],["append",1,"1"],["append","1",1]]'),
      event(1, 'invoke', '[["r",[1,"a"],null],["r",1,null],["r","1",null]]'),
      event(1, 'ok', '[["r",[1,"a"],[{"id":1}]],["r",1,["1"]],["r","1",[1]]]'),
    ];
    const verdict = await listAppend().check(historyOf(brief(lines.join('\n'))));
    expect([verdict.valid, verdict.details?.keys]).toEqual(['valid', 3]);
  });

  it('gives up on G-single alone when its steps run out, and says so', async () => {
    const fork = 'ax1 \n ay1 \n rx[1] ry[] \n rx[] ry[1]';
    const history = briefTransactions(fork);
    const check = async (consistency: string): Promise<Verdict> =>
      listAppend({ consistency }).check(history, { maxSteps: 1 });
    expect((await check('snapshot-isolation')).valid).toBe('invalid');
    const verdict = await check('consistent-view');
    expect([verdict.valid, verdict.summary]).toEqual([
      'unknown',
      'the search for G-single ran out of steps; no anomaly that consistent-view forbids (G-nonadjacent: 1)',
    ]);
  });
});
