import type { Json } from '../../core/json.ts';
import type { Mutation } from './history-options.ts';
import type { SimulatedOperation } from './simulated.ts';

type Mutate = (operations: readonly SimulatedOperation[], at: number) => boolean;

/**
 * Changes one result so that real time alone proves the history wrong; no checker is asked. Operations
 * are in the order of their calls. Throws when the history has no place for it.
 */
export function mutate(
  mutation: Mutation,
  operations: readonly SimulatedOperation[],
  at: number,
): void {
  if (mutations[mutation](operations, at)) return;
  throw new Error(
    `expected a place for the mutation ${mutation}, found none; take a longer history or another seed`,
  );
}

const mutations: Record<Mutation, Mutate> = {
  'stale-read': staleRead,
  fifo: (operations, at) => swapTakes(operations, at, isFifoPair),
  lifo: (operations, at) => swapTakes(operations, at, isLifoPair),
  'dup-deq': takeTwice,
  flip: flipContains,
  'lost-append': loseAppend,
};

/** Places from a share of the list to its end, and then back from there to its beginning. */
function* placesFrom(at: number, length: number): Generator<number> {
  const from = Math.floor(length * at);
  for (let place = from; place < length; place++) yield place;
  for (let place = from - 1; place >= 0; place--) yield place;
}

interface WriteOf {
  readonly value: Json;
  readonly calledAtNs: number;
  readonly returnedAtNs: number;
  readonly isKnown: boolean;
}

/**
 * A read returns a value although a completed write of another one lies wholly between every write of
 * that value which the read could see and the read itself.
 */
function staleRead(operations: readonly SimulatedOperation[], at: number): boolean {
  const writes = writesByKey(operations);
  for (const place of placesFrom(at, operations.length)) {
    const read = operations[place];
    if (read?.op !== 'read' || read.phase !== 'ok') continue;
    const before = (writes.get(read.key) ?? []).filter(
      (each) => each.calledAtNs < read.returnedAtNs,
    );
    const between = before
      .filter((each) => each.isKnown && each.returnedAtNs < read.calledAtNs)
      .sort((one, other) => other.calledAtNs - one.calledAtNs)
      .slice(0, 5);
    const lastReturn = new Map<Json, number>();
    for (const { value, returnedAtNs } of before) {
      lastReturn.set(value, Math.max(lastReturn.get(value) ?? -1, returnedAtNs));
    }
    for (const write of between) {
      const stale = latestBefore(lastReturn, write);
      if (stale === null) continue;
      read.output = stale;
      return true;
    }
  }
  return false;
}

function writesByKey(operations: readonly SimulatedOperation[]): Map<number | null, WriteOf[]> {
  const writes = new Map<number | null, WriteOf[]>();
  for (const { op, key, input, phase, calledAtNs, returnedAtNs } of operations) {
    if (op !== 'write' && (op !== 'cas' || phase === 'fail')) continue;
    const isKnown = phase === 'ok';
    const write = {
      value: op === 'write' ? input : ((input as Json[])[1] ?? null),
      calledAtNs,
      returnedAtNs: isKnown ? returnedAtNs : Infinity,
      isKnown,
    };
    const list = writes.get(key);
    if (list === undefined) writes.set(key, [write]);
    else list.push(write);
  }
  return writes;
}

/** Of the values last written wholly before a write of another value, the one written last. */
function latestBefore(lastReturn: ReadonlyMap<Json, number>, write: WriteOf): Json {
  let best: Json = null;
  let bestNs = -Infinity;
  for (const [value, returnedAtNs] of lastReturn) {
    if (value === write.value || returnedAtNs >= write.calledAtNs) continue;
    if (returnedAtNs > bestNs) [best, bestNs] = [value, returnedAtNs];
  }
  return best;
}

interface Pair {
  readonly firstPut: SimulatedOperation;
  readonly secondPut: SimulatedOperation;
  readonly firstTake: SimulatedOperation;
  readonly secondTake: SimulatedOperation;
}

/** Two puts one after the other, then their takes one after the other, in the same order. */
function isFifoPair({ firstPut, secondPut, firstTake, secondTake }: Pair): boolean {
  return (
    firstPut.returnedAtNs < secondPut.calledAtNs &&
    firstTake.returnedAtNs < secondTake.calledAtNs &&
    secondPut.returnedAtNs < firstTake.calledAtNs
  );
}

/** The same with the takes in the opposite order, as a stack has it. */
function isLifoPair({ firstPut, secondPut, firstTake, secondTake }: Pair): boolean {
  return (
    secondPut.returnedAtNs < firstTake.calledAtNs &&
    firstTake.returnedAtNs < secondTake.calledAtNs &&
    secondPut.returnedAtNs < firstPut.calledAtNs &&
    firstPut.returnedAtNs < firstTake.calledAtNs
  );
}

/** Two takes change what they took. */
function swapTakes(
  operations: readonly SimulatedOperation[],
  at: number,
  fits: (pair: Pair) => boolean,
): boolean {
  const puts = new Map<Json, SimulatedOperation>();
  for (const operation of operations) {
    if (isPut(operation) && operation.phase === 'ok') puts.set(operation.input, operation);
  }
  const takes = operations.filter((each) => hasTaken(each) && puts.has(each.output));
  for (const place of placesFrom(at, takes.length)) {
    const firstTake = takes[place];
    for (const secondTake of takes.slice(place + 1, place + 200)) {
      if (firstTake === undefined) continue;
      const firstPut = puts.get(firstTake.output);
      const secondPut = puts.get(secondTake.output);
      if (firstPut === undefined || secondPut === undefined) continue;
      if (!fits({ firstPut, secondPut, firstTake, secondTake })) continue;
      [firstTake.output, secondTake.output] = [secondTake.output, firstTake.output];
      return true;
    }
  }
  return false;
}

function isPut({ op }: SimulatedOperation): boolean {
  return op === 'enqueue' || op === 'push';
}

function hasTaken({ op, phase, output }: SimulatedOperation): boolean {
  return (op === 'dequeue' || op === 'pop') && phase === 'ok' && output !== null;
}

/** What was put in once comes out twice. */
function takeTwice(operations: readonly SimulatedOperation[], at: number): boolean {
  const takes = operations.filter(hasTaken);
  const place = Math.floor(takes.length * at);
  const [take, another] = [takes[place], takes[place + 1]];
  if (take === undefined || another === undefined) return false;
  another.output = take.output;
  return true;
}

/** A read of a set says the opposite, where nothing but one completed change can be what it saw. */
function flipContains(operations: readonly SimulatedOperation[], at: number): boolean {
  const changes = new Map<Json, SimulatedOperation[]>();
  for (const operation of operations) {
    if (operation.op !== 'add' && operation.op !== 'remove') continue;
    const list = changes.get(operation.input);
    if (list === undefined) changes.set(operation.input, [operation]);
    else list.push(operation);
  }
  const end = (each: SimulatedOperation): number =>
    each.phase === 'ok' ? each.returnedAtNs : Infinity;
  for (const place of placesFrom(at, operations.length)) {
    const read = operations[place];
    if (read?.op !== 'contains' || read.phase !== 'ok') continue;
    const all = changes.get(read.input) ?? [];
    const last = all
      .filter((each) => end(each) < read.calledAtNs)
      .sort((one, other) => other.calledAtNs - one.calledAtNs)[0];
    if (last === undefined) continue;
    const isContested = all.some(
      (each) =>
        each.op !== last.op && each.calledAtNs < read.returnedAtNs && end(each) > last.calledAtNs,
    );
    if (isContested) continue;
    read.output = [read.input, last.op !== 'add'];
    return true;
  }
  return false;
}

/** A read of a list of four or more misses the last but one of its elements. */
function loseAppend(operations: readonly SimulatedOperation[], at: number): boolean {
  for (const { phase, output } of operations.slice(Math.floor(operations.length * at))) {
    if (phase !== 'ok') continue;
    const steps = output as unknown as readonly (readonly [string, number, number[]])[];
    const read = steps.find(([action, , list]) => action === 'r' && list.length > 3);
    if (read === undefined) continue;
    const [, key, list] = read;
    if (steps.some(([action, other]) => action === 'append' && other === key)) continue;
    list.splice(list.length - 2, 1);
    return true;
  }
  return false;
}
