import { wordsOf } from '../models/value.ts';
import { type DependencyGraph, kindBit } from './dependency-graph.ts';
import { type Telling, transactionWords } from './evidence.ts';
import { type RegisterLink, keyWords, registerLabel, whyRead } from './register-words.ts';
import { initial } from './registers.ts';
import type { WeakLevel } from './weak-levels.ts';
import type { Accesses } from './weak-order.ts';

/** Tells why a weak level puts one transaction before another. */
export function weakTelling(
  accesses: Accesses,
  { level, graph }: { readonly level: WeakLevel; readonly graph: DependencyGraph },
): Telling {
  const { registers } = accesses;
  return {
    label: (transaction) => registerLabel(registers, transaction),
    why(link) {
      if (link.kind === 'wr') return whyRead(registers, link);
      if (link.kind === 'rw') return whyInitial(accesses, link);
      return whyPassed(accesses, link, sightOf(accesses, level, graph));
    },
  };
}

/** The reader saw the initial value of a key, and the other one wrote it. */
function whyInitial({ registers, reads, writes }: Accesses, link: RegisterLink): string {
  const [one, other] = link.names;
  for (let each = reads.start[link.from] ?? 0; each < (reads.start[link.from + 1] ?? 0); each++) {
    if (reads.version[each] !== initial) continue;
    const key = reads.key[each] ?? 0;
    const written = writes.find(link.to, key);
    if (written === null) continue;
    const [first, then] = [initial, written].map((version) => wordsOf(registers.valueOf(version)));
    return `${one} read ${keyWords(registers, key)} as ${first}, before ${other} wrote ${then}`;
  }
  throw missingReason();
}

/** Whether a level makes a transaction visible to a read: `each` is a row of the reads. */
type Sight = (transaction: number) => (reader: number, each: number) => boolean;

/** Somebody had seen the one, and yet read what the other wrote: so the one wrote before the other. */
function whyPassed(
  { registers, reads, writes }: Accesses,
  link: RegisterLink,
  sight: Sight,
): string {
  const { transactions, writer, valueOf } = registers;
  const [one, other] = link.names;
  const sees = sight(link.from);
  for (let reader = 0; reader < transactions.count; reader++) {
    for (let each = reads.start[reader] ?? 0; each < (reads.start[reader + 1] ?? 0); each++) {
      const version = reads.version[each] ?? initial;
      if (version === initial || writer[version] !== link.to) continue;
      const key = reads.key[each] ?? 0;
      const passed = writes.find(link.from, key);
      if (passed === null || reader === link.from || !sees(reader, each)) continue;
      const name = reader === link.to ? other : transactionWords(transactions, reader);
      return (
        `${one} wrote ${wordsOf(valueOf(passed))} to ${keyWords(registers, key)} before ${other} ` +
        `wrote ${wordsOf(valueOf(version))}, which ${name} read though it had seen ${one}`
      );
    }
  }
  throw missingReason();
}

function missingReason(): Error {
  return new Error('expected a reason for a dependency, found none; please report it');
}

function sightOf(accesses: Accesses, level: WeakLevel, graph: DependencyGraph): Sight {
  const { registers, reads } = accesses;
  const readFrom = (transaction: number, from: number, until: number): boolean => {
    for (let each = from; each < until; each++) {
      const version = reads.version[each] ?? initial;
      if (version !== initial && registers.writer[version] === transaction) return true;
    }
    return false;
  };
  return (transaction) => {
    if (level === 'read-committed') {
      return (reader, each) => readFrom(transaction, reads.start[reader] ?? 0, each);
    }
    if (level === 'causal') {
      const reached = reachedFrom(graph, transaction);
      return (reader) => reached[reader] === 1;
    }
    const { process } = registers.transactions;
    return (reader) =>
      (process[reader] === process[transaction] && transaction < reader) ||
      readFrom(transaction, reads.start[reader] ?? 0, reads.start[reader + 1] ?? 0);
  };
}

/** 1 for what comes after a transaction by sessions and reads. */
function reachedFrom(graph: DependencyGraph, start: number): Uint8Array {
  const reached = new Uint8Array(graph.nodes);
  const waiting = [start];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (let edge = graph.offsets[node] ?? 0; edge < (graph.offsets[node + 1] ?? 0); edge++) {
      const target = graph.targets[edge] ?? 0;
      const follows = (graph.kinds[edge] ?? 0) & (kindBit.process | kindBit.wr);
      if (follows === 0 || reached[target] === 1) continue;
      reached[target] = 1;
      waiting.push(target);
    }
  }
  return reached;
}
