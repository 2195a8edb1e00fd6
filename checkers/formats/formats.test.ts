import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../core/event.ts';
import { BadInput } from './bad-input.ts';
import { formatNamed, formats } from './index.ts';
import { longestLine } from './lines.ts';

function read(format: string, text: string, torn: string[] = []): HistoryEvent[] {
  const options = { file: 'h.txt', onTorn: (message: string) => void torn.push(message) };
  return [...formatNamed(format).read([text], options)];
}

const written = [
  { index: 0, timeNs: 10, process: 0, phase: 'invoke', op: 'write', key: 'a', value: 1 },
  { index: 1, timeNs: 12, process: 'nemesis', phase: 'begin', fault: 'kill', faultId: 0, value: 1 },
  { index: 5, timeNs: 20, process: 0, phase: 'ok', op: 'write', key: 'a', value: 1, extra: true },
];
const dtestText = written.map((event) => `${JSON.stringify(event)}\n`).join('');

const two = [
  { index: 0, timeNs: 0, process: 3, phase: 'invoke', op: 'cas', value: [1, 2] },
  { index: 1, timeNs: 1, process: 3, phase: 'fail', op: 'cas', value: [1, 2] },
];

/** Each text has a line of a nemesis that is no fault's, which is left out. */

describe('dtest-jsonl', () => {
  it('gives back what was written, unknown fields too', () => {
    expect(read('dtest-jsonl', dtestText)).toEqual(written);
  });

  it('leaves out a torn last line and says so', () => {
    const torn: string[] = [];
    expect(read('dtest-jsonl', dtestText.slice(0, -20), torn)).toEqual(written.slice(0, 2));
    expect(torn).toEqual(['h.txt:3: the last line was cut off and is left out']);
  });

  it('takes a whole last line without a line break', () => {
    expect(read('dtest-jsonl', dtestText.slice(0, -1))).toEqual(written);
  });

  it('refuses a torn line in the middle', () => {
    expect(() => read('dtest-jsonl', `${dtestText.slice(0, -20)}\n${dtestText}`)).toThrow(
      /^h\.txt:3: expected an event as one JSON object, got/,
    );
  });

  it.each([
    [{ ...written[0], index: -1 }, 'an index that is a whole number'],
    [{ ...written[0], timeNs: 'soon' }, 'a timeNs that is a number'],
    [{ ...written[0], process: 'x' }, 'a process that is a whole number or "nemesis"'],
    [{ ...written[0], phase: 'done' }, 'a phase, one of invoke, ok, fail, info'],
    [{ ...written[0], op: 7 }, 'the name of an op'],
    [{ ...written[1], phase: 'ok' }, "a fault's phase"],
    [[], 'an index'],
    ['text', 'an event as one JSON object'],
  ])('refuses %j', (event, expected) => {
    expect(() => read('dtest-jsonl', `${JSON.stringify(event)}\n`)).toThrow(expected);
  });

  it('keeps whole numbers apart that a double would round, as texts', () => {
    const value = '[9007199254740993,{"time":-9007199254740993},9007199254740991,1e3]';
    const line = JSON.stringify({ ...written[0], value: 0 }).replace(
      '"value":0',
      `"value":${value}`,
    );
    expect(read('dtest-jsonl', `${line}\n`)).toEqual([
      {
        ...written[0],
        value: ['9007199254740993', { time: '-9007199254740993' }, 9007199254740991, 1000],
      },
    ]);
  });

  it('takes times of any size', () => {
    const line = JSON.stringify(written[0]).replace('"timeNs":10', '"timeNs":1700000000000000001');
    expect(read('dtest-jsonl', `${line}\n`)).toMatchObject([{ timeNs: 1.7e18 }]);
  });

  it.each<[string, HistoryEvent, string]>([
    ['a completion of nothing', written[2] as HistoryEvent, 'an invocation by process 0 first'],
    [
      'two invocations at once',
      { ...written[0], index: 1 } as HistoryEvent,
      'the completion of what process 0 does',
    ],
    [
      'another operation than began',
      { ...written[2], op: 'read' } as HistoryEvent,
      'the end of the write that process 0 began, got "ok read"',
    ],
  ])('refuses %s', (what, event, expected) => {
    const before = what === 'a completion of nothing' ? [] : [written[0]];
    const text = [...before, event].map((each) => `${JSON.stringify(each)}\n`).join('');
    expect(() => read('dtest-jsonl', text)).toThrow(
      `h.txt:${before.length + 1}: expected ${expected}`,
    );
  });

  it('refuses an index that does not grow', () => {
    expect(() => read('dtest-jsonl', dtestText + dtestText)).toThrow(
      'h.txt:4: expected an index above 5',
    );
  });
});

describe.each<[string, string]>([
  [
    'jsonl',
    '{"process":3,"type":"invoke","f":"cas","value":[1,2]}\n' +
      '{"process":"nemesis","type":"info","f":"look","value":null}\n' +
      '{"process":3,"type":"fail","f":"cas","value":[1,2]}\n',
  ],
  [
    'upper-jsonl',
    '{"process":3,"type":"INVOKE","f":"CAS","value":[1,2]}\n' +
      '{"process":3,"type":"FAIL","f":"CAS","value":[1,2]}\n',
  ],
  [
    'jepsen-edn',
    '; a comment with a } in it\n[{:process 3, :type :invoke, :f :cas, :value [1 2]}\n' +
      ' {:process :nemesis :type :info :f :look :value "}"} #_ {:process 9}\n' +
      ' {:process 3, :type :fail, :f :cas, ; why\n :value [1, 2]}]',
  ],
  [
    'jepsen-edn',
    '{:process 3 :type :invoke :f :cas :value (1 2)}{:process 3 :type :fail :f :cas :value [1 2]}',
  ],
  [
    'jepsen-json',
    '[{"process":3,"type":"invoke","f":"cas","value":[1,2]},\n' +
      '{"process":"nemesis","type":"info","f":"look","value":"\\"}"},\n' +
      '{"process":3,"type":"fail","f":"cas","value":[1,2]}]',
  ],
  ['jepsen-text', '3\t:invoke\t:cas\t[1 2]\n:nemesis\t:info\t:look\tnil\n3\t:fail\t:cas\t[1 2]\n'],
  [
    'jepsen-log',
    '2026-01-31 12:00:00,123{GMT}\tINFO\t[jepsen worker 3] jepsen.util: 3\t:invoke\t:cas\t[1 2]\n' +
      '2026-01-31 12:00:00,124{GMT}\tINFO\t[main] jepsen.core: hello\n' +
      '2026-01-31 12:00:00,125{GMT}\tINFO\t[jepsen worker 3] jepsen.util: 3\t:fail\t:cas\t[1 2]\n',
  ],
  [
    'jepsen-log',
    'INFO  jepsen.util - 3\t:invoke\t:cas\t[1 2]\nWARN other - things\n' +
      'INFO  jepsen.util - 3\t:fail\t:cas\t[1 2]\r\n',
  ],
])('%s', (format, text) => {
  it('reads a failed cas and skips what is no operation', () => {
    expect(read(format, text)).toEqual(two);
  });

  it('reads the same wherever the chunks are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(text.length)), (cuts) => {
        const places = [0, ...cuts.sort((one, other) => one - other), text.length];
        const chunks = places.slice(1).map((to, at) => text.slice(places[at], to));
        const events = [...formatNamed(format).read(chunks, { file: 'h.txt' })];
        expect(events).toEqual(two);
      }),
      { numRuns: 50 },
    );
  });
});

describe('times', () => {
  it('start at the first event and never run backwards', () => {
    const line = (time: number, type: string): string =>
      `{"process":0,"type":"${type}","f":"read","value":null,"time":${time}}\n`;
    const events = read('jsonl', line(500, 'invoke') + line(700, 'ok') + line(600, 'invoke'));
    expect(events.map(({ timeNs }) => timeNs)).toEqual([0, 200, 200]);
  });

  it('keep their nanoseconds when they are milliseconds since 1970', () => {
    const line = (time: number, type: string): string =>
      `{"process":0,"type":"${type}","f":"READ","value":1,"time":${time}}\n`;
    const events = read(
      'upper-jsonl',
      line(1.651553871982e12, 'INVOKE') + line(1.651553871985e12, 'OK'),
    );
    expect(events.map(({ timeNs }) => timeNs)).toEqual([0, 3e6]);
  });
});

describe('jepsen-edn', () => {
  it('takes a missing f as txn and pairs events without a process', () => {
    const events = read(
      'jepsen-edn',
      `{:type :invoke :value [[:append 1 2]]} {:type :ok :value [[:append 1 2]]}
       {:type :invoke :value [[:r 1 nil]]} {:type :ok :value [[:r 1 [2]]]}`,
    );
    expect(events.map((event) => [event.process, 'op' in event && event.op, event.value])).toEqual([
      [0, 'txn', [['append', 1, 2]]],
      [0, 'txn', [['append', 1, 2]]],
      [1, 'txn', [['r', 1, null]]],
      [1, 'txn', [['r', 1, [2]]]],
    ]);
  });

  it('reads tagged records, as newer Jepsen writes them', () => {
    const events = read(
      'jepsen-edn',
      `#jepsen.history.Op{:process 3 :type :invoke :f :cas :value [1 2]}
       #jepsen.history.Op{:process 3 :type :fail :f :cas :value [1 2]}`,
    );
    expect(events).toEqual(two);
  });

  it.each([
    ['1', 1],
    ['-3.5e2', -350],
    ['2N', 2],
    ['9007199254740993', '9007199254740993'],
    ['"a\\n\\u0041"', 'a\nA'],
    [':k/w', 'k/w'],
    ['"\\u00e9\\\\\\""', 'é\\"'],
    ['\\newline', '\n'],
    ['\\u0041', 'A'],
    ['12345678901234567890N', '12345678901234567890'],
    ['999999999999999', 999999999999999],
    ['{"__proto__" 1}', JSON.parse('{"__proto__":1}')],
    ['##NaN', '##NaN'],
    ['[##Inf ##-Inf]', ['##Inf', '##-Inf']],
    ['1/3', '1/3'],
    ['#{1 2}', [1, 2]],
    ['#{10 9 b [1]}', ['b', 9, 10, [1]]],
    ['#inst "2020"', '2020'],
    ['{1 {:a nil}}', { '1': { a: null } }],
    ['\\(', '('],
  ])('reads %s', (edn, value) => {
    const [event] = read('jepsen-edn', `{:process 0 :type :invoke :f :write :value ${edn}}`);
    expect(event?.value).toEqual(value);
  });

  it.each([
    ['[{:process 0', 'expected }, got'],
    ['[{:process 0)]', 'expected }, got ")"'],
    ['[1 2]', 'expected a map, got "1"'],
    ['#_ :a {:process 0}', 'a map after #_'],
    ['{:process 0 :type}', 'a value for every key'],
    ['{:process 0 :type :done :f :read}', 'a type, one of invoke, ok, fail and info, got "done"'],
    ['{:process 0.5 :type :ok :f :read}', 'a process that is a whole number'],
    ['{:process 0 :type :ok :f :read}', 'an invocation by process 0 first'],
    ['{:process 0 :f "\\x"}', 'an escape such as'],
    ['{:process 0 :f "\\u00g0"}', 'u and four hexadecimal digits'],
    ['{:process 12a}', 'a number, got "12a}"'],
    ['#tag', 'a map, got "#tag"'],
    [`{:a ${'['.repeat(200)}${']'.repeat(200)}}`, 'at most 100 levels of nesting'],
  ])('refuses %s', (text, message) => {
    expect(() => read('jepsen-edn', `\n\n${text}`)).toThrow(message);
    expect(() => read('jepsen-edn', `\n\n${text}`)).toThrow(/^h\.txt:3: /);
  });
});

describe('jsonl', () => {
  it('keeps apart whole numbers that a double would round to one', () => {
    const line = (type: string, value: string): string =>
      `{"process":0,"type":"${type}","f":"write","value":${value},"time":1700000000000000001}\n`;
    const text = line('invoke', '9007199254740993') + line('ok', '[9007199254740992,1e300]');
    expect(read('jsonl', text).map(({ value }) => value)).toEqual([
      '9007199254740993',
      [9007199254740992, 1e300],
    ]);
  });

  it('takes a missing f as txn and pairs events without a process, as other formats do', () => {
    const events = read('jsonl', '{"type":"invoke","value":[]}\n{"type":"ok","value":[]}\n');
    expect(events).toMatchObject([
      { process: 0, op: 'txn' },
      { process: 0, op: 'txn' },
    ]);
  });

  it('takes a time below zero for none, as Jepsen does', () => {
    const line = (type: string): string => `{"process":0,"type":"${type}","f":"read","time":-1}\n`;
    expect(read('jsonl', line('invoke') + line('ok')).map(({ timeNs }) => timeNs)).toEqual([0, 1]);
  });
});

describe('jepsen-text', () => {
  it('keeps errors, over several lines too', () => {
    const text =
      '0\t:invoke\t:write\t"a\\tb"\n' +
      '0\t:info\t:write\t"a\\tb"\t[:timeout no\tluck]\n  at some place\n\n' +
      '1\t:invoke\t:read\tnil\n1\t:ok\t:read\tnil\n';
    expect(read('jepsen-text', text)).toMatchObject([
      { phase: 'invoke', value: 'a\tb' },
      { phase: 'info', value: 'a\tb', error: '[:timeout no\tluck]' },
      { op: 'read' },
      { op: 'read' },
    ]);
    expect(() => read('jepsen-text', '0\t:invoke\t:read\tnil\nwhat\n')).toThrow(
      'h.txt:2: expected process, :type, :f and value with tabs between, got "what"',
    );
  });

  it('says of a last line without a line break that it may be wrong', () => {
    const torn: string[] = [];
    const text = '0\t:invoke\t:read\tnil\n0\t:ok\t:read\t12';
    expect(read('jepsen-text', text, torn)).toHaveLength(2);
    expect(read('jepsen-text', text.slice(0, -8), torn)).toHaveLength(1);
    expect(torn).toEqual([
      'h.txt:2: the last line has no line break; it counts as it stands, which is wrong if it was cut off',
      'h.txt:2: the last line was cut off and is left out',
    ]);
  });
});

describe("Jepsen's nemesis", () => {
  const faultsOf = (fs: readonly string[]): unknown[] =>
    read('jepsen-edn', fs.map((f) => `{:process :nemesis :type :info :f ${f}}`).join('\n')).map(
      (event) => 'fault' in event && [event.fault, event.phase, event.faultId],
    );

  it('becomes faults: what comes twice was asked for and then done', () => {
    expect(
      faultsOf([':start-partition', ':start-partition', ':stop-partition', ':stop-partition']),
    ).toEqual([
      ['partition', 'begin', 0],
      ['partition', 'active', 0],
      ['partition', 'heal', 0],
      ['partition', 'end', 0],
    ]);
  });

  it('starts nodes that it killed, and otherwise starts the fault', () => {
    expect(faultsOf([':start', ':start', ':stop', ':stop', ':kill', ':start', ':start'])).toEqual([
      ['nemesis', 'begin', 0],
      ['nemesis', 'active', 0],
      ['nemesis', 'heal', 0],
      ['nemesis', 'end', 0],
      ['kill', 'begin', 1],
      ['kill', 'heal', 1],
      ['kill', 'end', 1],
    ]);
  });

  it('says how much of it is no fault, a cure without one included', () => {
    const skipped: string[] = [];
    const text = '{:process :nemesis :type :info :f :stop} {:process :other :type :info :f :x}';
    const onSkipped = (message: string): void => void skipped.push(message);
    const events = formatNamed('jepsen-edn').read([text], { file: 'h.txt', onSkipped });
    expect([...events]).toEqual([]);
    expect(skipped).toEqual(['2 lines are neither of a client nor of a fault, and left out']);
  });
});

describe('any format', () => {
  it.each(Object.keys(formats))('%s reads an empty file as an empty history', (format) => {
    expect(read(format, '')).toEqual([]);
  });

  it.each(Object.keys(formats))('%s refuses what never ends without keeping it all', (format) => {
    const piece = '"'.padEnd(1024 * 1024, 'x');
    const endless = function* (): Generator<string> {
      for (let count = 0; count <= (2 * longestLine) / piece.length; count++) {
        yield count === 0 ? `{${piece}` : piece.replace('"', 'y');
      }
      throw new Error('it should have stopped long ago');
    };
    expect(() => [...formatNamed(format).read(endless(), { file: 'h.txt' })]).toThrow(BadInput);
  });

  it('is refused by name when there is none', () => {
    expect(() => formatNamed('xml')).toThrow(/expected a format, one of dtest-jsonl.*got "xml"/);
  });
});
