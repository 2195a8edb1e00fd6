import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FaultEvent, HistoryEvent, OpEvent } from '../../core/event.ts';
import type { Json } from '../../core/json.ts';
import { formatNamed } from './index.ts';
import { withKeys } from './keyed.ts';
import { ednLine, jsonLine } from './write-jepsen.ts';

const invoke: OpEvent = {
  index: 0,
  timeNs: 0,
  dueNs: 0,
  process: 3,
  phase: 'invoke',
  op: 'cas',
  key: 'k',
  value: [1, null],
};
const info: OpEvent = {
  index: 1,
  timeNs: 5,
  process: 3,
  phase: 'info',
  op: 'cas',
  key: 'k',
  value: [1, null],
  error: 'timed out: "x"',
  node: 'n1',
};
const begin: FaultEvent = {
  index: 2,
  timeNs: 9,
  process: 'nemesis',
  phase: 'begin',
  fault: 'partition',
  faultId: 4,
  value: { groups: [['n1'], ['n2', 'n3']] },
};

describe('a line of history.edn', () => {
  it.each<[HistoryEvent, string]>([
    [
      invoke,
      '{:index 0, :time 0, :type :invoke, :process 3, :f :cas, :value ["k" [1 nil]], :keyed true, :due 0}',
    ],
    [
      info,
      '{:index 1, :time 5, :type :info, :process 3, :f :cas, :value ["k" [1 nil]], :keyed true, :error "timed out: \\"x\\"", :node "n1"}',
    ],
    [
      begin,
      '{:index 2, :time 9, :type :info, :process :nemesis, :f :start-partition, :value {:groups [["n1"] ["n2" "n3"]]}, :fault "partition", :fault-phase :begin, :fault-id 4}',
    ],
    [
      { index: 3, timeNs: 9, process: 0, phase: 'ok', op: 'txn', value: [['append', 'x', 1.5]] },
      '{:index 3, :time 9, :type :ok, :process 0, :f :txn, :value [[:append "x" 1.5]]}',
    ],
    [
      {
        index: 4,
        timeNs: 9,
        process: 0,
        phase: 'ok',
        op: 'odd name',
        value: { '0': 1e21, 'a b': 2 },
      },
      '{:index 4, :time 9, :type :ok, :process 0, :f "odd name", :value {0 1e+21, "a b" 2}}',
    ],
  ])('says all of %#', (event, line) => {
    expect(ednLine(event)).toBe(line);
  });
});

/** Any data, with the texts that are most likely to break something. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      '"',
      '\\',
      '\n',
      '\t',
      ';',
      '#',
      '_',
      '{',
      ']',
      ':',
      '\u2028',
      '\0',
      '\ud800',
      '\ufeff',
    ),
  }),
  fc.constantFrom('', 'nil', ':k', '0', '-5', '__proto__', '12345678901234567890', '#_', '{}'),
);
const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .map((number) => (number === 0 ? 0 : number)),
    fc.constantFrom(2 ** 53, 1e20, -(2 ** 60)),
    text,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4 }),
  ),
})).value;

const phases = ['ok', 'fail', 'info'] as const;
const operation = fc.record(
  {
    op: fc.oneof(fc.constantFrom('read', 'txn', 'write'), text),
    asked: json,
    answered: json,
    phase: fc.constantFrom(...phases),
    key: fc.oneof(text, fc.integer()),
    error: text,
    node: text,
  },
  { requiredKeys: ['op', 'asked', 'answered', 'phase'] },
);
const fault = fc.record({
  fault: text,
  phase: fc.constantFrom('begin', 'active', 'heal', 'end', 'failed'),
  faultId: fc.nat(),
  value: json,
});

const history = fc.array(fc.oneof(operation, fault), { maxLength: 12 }).map((all) => {
  const events: HistoryEvent[] = [];
  const next = () => ({ index: events.length, timeNs: events.length * 7 });
  for (const [process, each] of all.entries()) {
    if ('fault' in each) {
      events.push({ ...next(), process: 'nemesis', ...each });
      continue;
    }
    const { op, asked, answered, phase, ...rest } = each;
    const { key, ...more } = rest;
    const named = { process, op, ...(key === undefined ? {} : { key }) };
    events.push({ ...next(), ...named, phase: 'invoke', value: asked });
    events.push({ ...next(), ...named, phase, value: answered, ...more });
  }
  return events;
});

describe.each([
  ['jepsen-edn', ednLine],
  ['jsonl', jsonLine],
])('what is written as %s', (format, line) => {
  it('reads as the same operations and faults', () => {
    fc.assert(
      fc.property(history, (events) => {
        const written = events.map((event) => `${line(event)}\n`);
        for (const each of written) expect(each.trimEnd().includes('\n')).toBe(false);
        const read = formatNamed(format).read(written, { file: 'h' });
        expect([...withKeys(read, 'auto')]).toEqual(events);
      }),
      { numRuns: 500 },
    );
  });
});
