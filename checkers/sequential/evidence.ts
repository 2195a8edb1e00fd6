import type { EvidenceOperation, LinearizabilityFailure } from '../../core/evidence.ts';
import type { Operation } from '../../core/history.ts';
import type { Part } from '../linearizability/part.ts';
import type { Model } from '../models/model.ts';
import { type Program, type ProgramOperation, programOf } from './program.ts';
import { type OrderSearch, searchForOrder } from './search.ts';

/** Operations that are shown; of the others it is only said how many there are. */
const mostOperations = 60;
/** Steps spent on the longest order. */
const stepsForEvidence = 200_000;
/** Processes that a sentence names. */
const mostNamed = 4;

/**
 * The evidence against parts that have no order, in the form that linearizability has, so that it is
 * drawn in the same way: what has no sequential order has no linearization either.
 */
export function evidenceAgainst(
  model: Model,
  parts: readonly Part[],
  at: (event: Operation['invoke']) => string,
): LinearizabilityFailure {
  const program = programOf(model, parts);
  const search = searchForOrder(program, { lookAhead: false });
  search.run(stepsForEvidence);
  const stuck = stuckIn(program, search);
  const shown = shownOf(program, stuck);
  const places = new Map(shown.map((operation, place) => [operation, place]));
  const records = stuck.map((operation) => program.operations[operation]?.record);
  const times = records.flatMap((record) => (record === undefined ? [] : [record]));
  return {
    key: parts.length === 1 ? (parts[0]?.key ?? null) : null,
    model: model.name,
    summary: sentence(program, search, { stuck, at }),
    window: {
      fromNs: Math.min(...times.map(({ invoke }) => invoke.timeNs)),
      toNs: Math.max(...times.map(({ invoke, complete }) => (complete ?? invoke).timeNs)),
    },
    operations: shown.map((operation) => shownOperation(program, operation)),
    linearization: search.longest().flatMap(({ operation, state }) => {
      const place = places.get(operation);
      return place === undefined ? [] : [{ operation: place, state: search.describe(state) }];
    }),
    stuck: stuck.map((operation) => places.get(operation)).filter((place) => place !== undefined),
    omitted: program.operations.length - shown.length,
  };
}

/** The next operation of each process after the longest order. */
export function stuckIn(program: Program, search: OrderSearch): number[] {
  const placed = new Set(search.longest().map(({ operation }) => operation));
  return program.sessions
    .map((session) => session.find((operation) => !placed.has(operation)))
    .filter((operation) => operation !== undefined);
}

function sentence(
  program: Program,
  search: OrderSearch,
  {
    stuck,
    at,
  }: { readonly stuck: readonly number[]; readonly at: (event: Operation['invoke']) => string },
): string {
  const states = new Map(
    search.longest().map(({ operation, state }) => [program.operations[operation]?.part, state]),
  );
  const named = stuck.slice(0, mostNamed).map((operation) => {
    const { operation: asked, record, part } = operationOf(program, operation);
    const state = states.get(part);
    const key = program.parts[part] ?? null;
    const where = key === null ? 'the object' : `key ${key}`;
    const held =
      state === undefined
        ? program.model.describeState(program.model.init)
        : search.describe(state);
    return `process ${record.invoke.process} cannot go on to ${program.model.describeOperation(asked)} (called at ${at(record.invoke)}) while ${where} is ${held}`;
  });
  const more =
    stuck.length > mostNamed ? `, and ${stuck.length - mostNamed} others are stuck too` : '';
  const length = search.longest().length;
  return `no order of all operations keeps every process's own: after ${length} of ${program.operations.length}, ${named.join('; ')}${more}`;
}

/** All when they are few, else those that are stuck and the last ones before them. */
function shownOf(program: Program, stuck: readonly number[]): number[] {
  const all = [...program.operations.keys()];
  const last = Math.max(...stuck, 0);
  const telling = all.sort((one, other) => Math.abs(one - last) - Math.abs(other - last));
  return [...new Set([...stuck, ...telling])].slice(0, mostOperations).sort((a, b) => a - b);
}

function operationOf(program: Program, at: number): ProgramOperation {
  const operation = program.operations[at];
  if (operation === undefined) throw new Error(`expected an operation, got number ${at}`);
  return operation;
}

function shownOperation(program: Program, at: number): EvidenceOperation {
  const { operation, record } = operationOf(program, at);
  const { invoke, complete } = record;
  return {
    process: invoke.process,
    node: complete?.node ?? invoke.node ?? null,
    op: operation.op,
    key: operation.key,
    input: operation.input,
    output: operation.output,
    phase: operation.phase,
    callNs: invoke.timeNs,
    returnNs: operation.phase === 'info' || complete === undefined ? null : complete.timeNs,
    label: program.model.describeOperation(operation),
  };
}
