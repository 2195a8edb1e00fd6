import { isFaultEvent, type OpEvent } from '../../core/event.ts';
import type { Run } from '../../core/run.ts';
import type { FaultBand } from '../charts/fault-bands.ts';
import { columnAt } from '../charts/observations.ts';
import { type Subject, subjectOf } from '../charts/subject.ts';
import { count } from '../figures.ts';
import { shorten } from '../markup/visible.ts';
import { base64 } from '../page/policy.ts';
import { type Chosen, choose } from './choose.ts';
import { labelOf } from './label.ts';
import { type Suspicion, suspicionsOf } from './suspects.ts';
import { varintsInto } from './varints.ts';

/**
 * The operations that a page holds, as it gets them. `columns` is base64 of variable-length integers,
 * ten for each operation in order of invocation: microseconds since the one before, microseconds that it
 * lasted plus 1 (0 for one that never ended) and that it was late, its process, and indexes into the
 * tables: kind, outcome, key plus 1, node plus 1, label and error plus 1.
 */
export interface OperationBlock {
  readonly columns: string;
  readonly length: number;
  readonly kinds: readonly string[];
  readonly keys: readonly string[];
  readonly nodes: readonly string[];
  readonly labels: readonly string[];
  readonly errors: readonly string[];
  /** Clients at one time: a process that ended unknown goes on under its number plus this. */
  readonly concurrency: number;
  readonly endS: number;
  readonly faults: readonly FaultBand[];
  /** Stretches to go to, with the places of operations that are to blame. */
  readonly suspicions: readonly {
    readonly name: string;
    readonly fromS: number;
    readonly toS: number;
    readonly blamed: readonly number[];
  }[];
  /** What the page holds, in a sentence. */
  readonly shown: string;
  /** Operations called in each of so many equal stretches of the run; empty where the page holds all. */
  readonly totals: readonly number[];
}

/** Operations held at most: with labels of usual length about a megabyte. */
export const maximumOperations = 40_000;
/** Characters of labels, all together; after that an operation has its kind alone for a label. */
const maximumText = 1_000_000;

const known = new WeakMap<Run, OperationBlock>();

/** Goes through the history once more, for the words that the columns do not have. */
export function operationBlock(run: Run, limit = maximumOperations): OperationBlock {
  const before = known.get(run);
  if (before !== undefined) return before;
  const subject = subjectOf(run);
  const suspicions = suspicionsOf(run.results.verdict);
  const chosen = choose(subject.seen, { suspicions, bands: subject.bands, limit });
  const written = write(run, chosen);
  const block: OperationBlock = {
    ...written.tables,
    columns: written.columns,
    length: chosen.places.length,
    concurrency: run.plan.concurrency,
    endS: subject.endS,
    faults: subject.bands,
    suspicions: suspicions.map((each) => ({
      name: shorten(each.name, 80),
      fromS: each.focusFromNs / 1e9,
      toS: each.focusToNs / 1e9,
      blamed: blamedIn(each, written.placeOf),
    })),
    shown: inWords(subject, chosen),
    totals: chosen.rules.length === 0 ? [] : totalsOf(subject),
  };
  known.set(run, block);
  return block;
}

const stretches = 1000;

function totalsOf({ seen, endS }: Subject): number[] {
  const totals = new Array<number>(stretches).fill(0);
  for (let at = 0; at < seen.length; at++) {
    const share = columnAt(seen.callNs, at) / 1e9 / endS;
    const stretch = Math.min(stretches - 1, Math.floor(share * stretches));
    totals[stretch] = (totals[stretch] ?? 0) + 1;
  }
  return totals;
}

function inWords({ seen }: Subject, { places, rules }: Chosen): string {
  const total = count(seen.total);
  if (rules.length === 0) return `All ${total} operations are in this page.`;
  const cut = seen.length < seen.total ? ` Of the first ${count(seen.length)}:` : ' Kept were';
  return `${count(places.length)} of ${total} operations are in this page.${cut} ${rules.join('; ')}. Rates and quantiles count all of them.`;
}

function blamedIn({ blamed }: Suspicion, placeOf: ReadonlyMap<string, number>): number[] {
  return blamed.flatMap(({ process, callNs }) => placeOf.get(nameOf(process, callNs)) ?? []);
}

function nameOf(process: number, callNs: number): string {
  return `${String(process)} ${String(callNs)}`;
}

function write({ history }: Run, { places }: Chosen) {
  const tables = tablesOf();
  const rows: Row[] = [];
  const open = new Map<number, Row>();
  let ordinal = 0;
  for (const event of history.events()) {
    if (isFaultEvent(event)) continue;
    if (event.phase === 'invoke') {
      open.delete(event.process);
      if (places[rows.length] === ordinal++) {
        const row: Row = { invoke: event };
        rows.push(row);
        open.set(event.process, row);
      }
    } else {
      const row = open.get(event.process);
      if (row === undefined) continue;
      row.complete = event;
      open.delete(event.process);
    }
  }
  const placeOf = new Map<string, number>();
  const bytes = varintsInto();
  let lastUs = 0;
  rows.forEach(({ invoke, complete }, place) => {
    placeOf.set(nameOf(invoke.process, invoke.timeNs), place);
    const callUs = Math.max(lastUs, micros(invoke.timeNs));
    bytes.add(callUs - lastUs);
    lastUs = callUs;
    bytes.add(complete === undefined ? 0 : Math.max(0, micros(complete.timeNs) - callUs) + 1);
    bytes.add(Math.max(0, callUs - micros(invoke.dueNs ?? invoke.timeNs)));
    bytes.add(Math.max(0, Math.trunc(invoke.process)));
    for (const each of tables.indexesOf(invoke, complete)) bytes.add(each);
  });
  return { columns: base64(bytes.finish()), tables: tables.finish(), placeOf };
}

interface Row {
  readonly invoke: OpEvent;
  complete?: OpEvent;
}

function micros(ns: number): number {
  return Math.round(ns / 1000);
}

const outcomes = { ok: 0, fail: 1, info: 2, invoke: 3 } as const;

function tablesOf() {
  const [kinds, keys, nodes, labels, errors] = [table(), table(), table(), table(), table()];
  let room = maximumText;
  const wordsOf = (invoke: OpEvent, complete: OpEvent | undefined): string => {
    const label = room > 0 ? labelOf(invoke, complete) : shorten(invoke.op, 24);
    room -= label.length;
    return label;
  };
  return {
    indexesOf(invoke: OpEvent, complete: OpEvent | undefined): number[] {
      const { op, key, node } = invoke;
      const error = complete?.error;
      return [
        kinds.indexOf(shorten(op, 24)),
        outcomes[complete?.phase ?? 'invoke'],
        key === undefined ? 0 : keys.indexOf(shorten(String(key), 24)) + 1,
        node === undefined ? 0 : nodes.indexOf(shorten(node, 24)) + 1,
        labels.indexOf(wordsOf(invoke, complete)),
        error === undefined ? 0 : errors.indexOf(shorten(error, room > 0 ? 80 : 12)) + 1,
      ];
    },
    finish: () => ({
      ...{ kinds: kinds.names, keys: keys.names, nodes: nodes.names },
      ...{ labels: labels.names, errors: errors.names },
    }),
  };
}

/** Names in order of appearance, each once. */
function table() {
  const numbers = new Map<string, number>();
  const names: string[] = [];
  return {
    names,
    indexOf(name: string): number {
      const known = numbers.get(name);
      if (known !== undefined) return known;
      numbers.set(name, names.length);
      return names.push(name) - 1;
    },
  };
}
