import type { Kind, HistoryOptions } from './history-options.ts';
import { comfortableLength, readShare, writeShare } from './history-options.ts';
import { createAgenda } from './agenda.ts';
import { keyDraws } from './draws.ts';
import type { SimulatedObject } from './simulated.ts';
import { createTransactions } from './transactions.ts';

/** Draws the value that is written next. */
export type ValueDraws = () => number;

export function valueDraws(draw: () => number, { values = 'unique' }: HistoryOptions): ValueDraws {
  let last = 0;
  return values === 'unique' ? () => ++last : () => Math.floor(draw() * values);
}

/** Makes the object. It draws from `draw` in `propose` alone, always in the same order. */
export function createObject(options: HistoryOptions, draw: () => number): SimulatedObject {
  const value = valueDraws(draw, options);
  const makers: Record<Kind, () => SimulatedObject> = {
    register: () => createRegisters(options, draw, value),
    kv: () => createRegisters(options, draw, value),
    queue: () => createContainer(draw, 'enqueue', 'dequeue', createFifo(value)),
    pqueue: () => createContainer(draw, 'enqueue', 'dequeue', createSmallestFirst(value)),
    stack: () => createContainer(draw, 'push', 'pop', createLifo(value)),
    set: () => createSet(options, draw),
    mutex: () => createMutex(draw),
    'multi-register': () => createTransactions(options, draw, value),
    'list-append': () => createTransactions(options, draw, value),
  };
  return makers[options.kind]();
}

/** Reads, writes and cas. A client's cas expects what it saw last, or any value where there are few. */
function createRegisters(
  options: HistoryOptions,
  draw: () => number,
  value: ValueDraws,
): SimulatedObject {
  const { kind, keys = 1, zipf = 0, values = 'unique', clients } = options;
  const drawKey = keyDraws(draw, keys, zipf);
  const content = new Map<number, number>();
  const seen = Array.from({ length: clients }, () => new Map<number, number>());
  return {
    propose(client) {
      const choice = draw();
      const at = kind === 'kv' ? drawKey() : 0;
      const key = kind === 'kv' ? at : null;
      if (choice < readShare) return { op: 'read', key, input: null };
      if (choice < readShare + writeShare) return { op: 'write', key, input: value() };
      const from = values === 'unique' ? (seen[client]?.get(at) ?? 0) : Math.floor(draw() * values);
      return { op: 'cas', key, input: [from, value()] };
    },
    apply(operation) {
      const { op, key, input, client } = operation;
      const at = key ?? 0;
      const now = content.get(at);
      if (op === 'read') {
        operation.output = now ?? null;
        if (now !== undefined) seen[client]?.set(at, now);
        return;
      }
      if (op === 'cas' && now !== (input as number[])[0]) {
        operation.phase = 'fail';
        return;
      }
      const next = op === 'cas' ? ((input as number[])[1] ?? 0) : (input as number);
      content.set(at, next);
      seen[client]?.set(at, next);
    },
  };
}

interface Container {
  readonly length: () => number;
  readonly propose: () => number;
  readonly put: (value: number) => void;
  readonly take: () => number | null;
}

/** As many puts as takes, and fewer once there is more inside than is comfortable. */
function createContainer(
  draw: () => number,
  put: string,
  take: string,
  container: Container,
): SimulatedObject {
  return {
    propose() {
      const puts = draw() < (container.length() > comfortableLength ? 0.3 : 0.5);
      return { op: puts ? put : take, key: null, input: puts ? container.propose() : null };
    },
    apply(operation) {
      if (operation.op === put) container.put(operation.input as number);
      else operation.output = container.take();
    },
  };
}

function createFifo(propose: ValueDraws): Container {
  let items: number[] = [];
  let head = 0;
  return {
    propose,
    length: () => items.length - head,
    put: (value) => void items.push(value),
    take() {
      const item = head < items.length ? (items[head++] ?? null) : null;
      if (head > 4096) {
        items = items.slice(head);
        head = 0;
      }
      return item;
    },
  };
}

function createLifo(propose: ValueDraws): Container {
  const items: number[] = [];
  return {
    propose,
    length: () => items.length,
    put: (value) => void items.push(value),
    take: () => items.pop() ?? null,
  };
}

/** Priorities look drawn and stay unique for the first million: multiples of one prime modulo another. */
function createSmallestFirst(value: ValueDraws): Container {
  const items = createAgenda<number>();
  return {
    propose: () => (value() * 7919) % 1000003,
    length: () => items.size,
    put: (item) => items.add(item, item),
    take: () => items.next()?.thing ?? null,
  };
}

function createSet({ universe = 64 }: HistoryOptions, draw: () => number): SimulatedObject {
  const members = new Set<number>();
  return {
    propose() {
      const choice = draw();
      const input = Math.floor(draw() * universe);
      if (choice < readShare) return { op: 'contains', key: null, input };
      return { op: choice < readShare + (1 - readShare) / 2 ? 'add' : 'remove', key: null, input };
    },
    apply(operation) {
      const element = operation.input as number;
      if (operation.op === 'contains') operation.output = [element, members.has(element)];
      else if (operation.op === 'add') members.add(element);
      else members.delete(element);
    },
  };
}

/** Whoever holds the lock gives it back, and everybody else tries to get it. */
function createMutex(draw: () => number): SimulatedObject {
  let holder: number | null = null;
  return {
    propose(client) {
      draw();
      return { op: holder === client ? 'release' : 'acquire', key: null, input: null };
    },
    apply(operation) {
      if (operation.op === 'release') holder = null;
      else if (holder === null) holder = operation.client;
      else operation.phase = 'fail';
    },
  };
}
