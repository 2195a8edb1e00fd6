import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../core/event.ts';
import { BadInput } from './bad-input.ts';
import { formatNamed } from './index.ts';
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
      '{"process":"nemesis","type":"info","f":"start","value":null}\n' +
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
      ' {:process :nemesis :type :info :f :start :value "}"} #_ {:process 9}\n' +
      ' {:process 3, :type :fail, :f :cas, ; why\n :value [1, 2]}]',
  ],
  [
    'jepsen-edn',
    '{:process 3 :type :invoke :f :cas :value (1 2)}{:process 3 :type :fail :f :cas :value [1 2]}',
  ],
  [
    'jepsen-json',
    '[{"process":3,"type":"invoke","f":"cas","value":[1,2]},\n' +
      '{"process":"nemesis","type":"info","f":"start","value":"\\"}"},\n' +
      '{"process":3,"type":"fail","f":"cas","value":[1,2]}]',
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
    ['#{1 2}', [1, 2]],
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
    [`{:a ${'['.repeat(200)}${']'.repeat(200)}}`, 'at most 100 levels of nesting'],
  ])('refuses %s', (text, message) => {
    expect(() => read('jepsen-edn', `\n\n${text}`)).toThrow(message);
    expect(() => read('jepsen-edn', `\n\n${text}`)).toThrow(/^h\.txt:3: /);
  });
});

describe('any format', () => {
  it.each(['dtest-jsonl', 'jsonl', 'upper-jsonl', 'jepsen-edn', 'jepsen-json', 'jepsen-log'])(
    '%s reads an empty file as an empty history',
    (format) => {
      expect(read(format, '')).toEqual([]);
    },
  );

  it.each(['dtest-jsonl', 'jsonl', 'jepsen-edn', 'jepsen-json', 'jepsen-log'])(
    '%s refuses what never ends without keeping it all',
    (format) => {
      const piece = '"'.padEnd(1024 * 1024, 'x');
      const endless = function* (): Generator<string> {
        for (let count = 0; count < (3 * longestLine) / piece.length; count++) {
          yield count === 0 ? `{${piece}` : piece.replace('"', 'y');
        }
        throw new Error('it should have stopped long ago');
      };
      expect(() => [...formatNamed(format).read(endless(), { file: 'h.txt' })]).toThrow(BadInput);
    },
  );

  it('is refused by name when there is none', () => {
    expect(() => formatNamed('xml')).toThrow(/expected a format, one of dtest-jsonl.*got "xml"/);
  });
});
