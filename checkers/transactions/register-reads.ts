import { naturals, integers } from './column.ts';
import { type Registers, initial, nobody } from './registers.ts';
import { micro, outcome } from './transaction.ts';

/** What is wrong with a read by itself, whatever order the transactions are put in. */
export type ReadFault =
  'garbage-read' | 'G1a' | 'G1b' | 'internal' | 'future-read' | 'unrepeatable';

export interface FaultyRead {
  readonly fault: ReadFault;
  readonly transaction: number;
  readonly key: number;
  /** What was read, and what should have been: `initial`, a version, or null where nothing fits. */
  readonly version: number;
  readonly expected: number | null;
}

/**
 * The reads that tell of other transactions, in the order in which each transaction made them: those of
 * transaction `t` are from `start[t]` to before `start[t + 1]`.
 */
export interface ExternalReads {
  readonly start: Uint32Array;
  readonly key: Uint32Array;
  /** A version that a transaction wrote last, or `initial`. */
  readonly version: Int32Array;
}

export interface ReadsApart {
  readonly external: ExternalReads;
  readonly faulty: readonly FaultyRead[];
}

/**
 * Parts what committed transactions read of themselves from what they read of others, and finds
 * - `garbage-read`: a value that nobody wrote;
 * - `G1a`: one whose writer failed, and `G1b`: one that its writer had replaced (Adya 1999, section 4.2);
 * - `internal`: a transaction that does not see its own latest write (the axiom INT of Cerone, Bernardi &
 *   Gotsman 2015), and `future-read`: one that sees what it writes only later;
 * - `unrepeatable`: one that reads a key twice with two results.
 * Faulty reads are no external ones, but the second of two that differ is.
 */
export function readsApart(registers: Registers): ReadsApart {
  const { count, microStart, microEnd, microKind, microKey, microValue, keys } =
    registers.transactions;
  const start = new Uint32Array(count + 1);
  const [key, version] = [naturals(), integers()];
  const faulty: FaultyRead[] = [];
  const sight = createSight(registers, keys.length);
  for (let at = 0; at < count; at++) {
    start[at] = key.length();
    if (registers.transactions.outcome[at] !== outcome.ok) continue;
    const end = microEnd[at] ?? 0;
    for (let each = microStart[at] ?? 0; each < end; each++) {
      const its = { transaction: at, key: microKey[each] ?? 0, version: microValue[each] ?? 0 };
      if (microKind[each] === micro.write) {
        sight.wrote(its);
        continue;
      }
      const found = sight.read(its);
      if (found !== null && found !== 'own') faulty.push({ ...its, ...found });
      if (found !== null && (found === 'own' || found.fault !== 'unrepeatable')) continue;
      key.push(its.key);
      version.push(its.version);
    }
  }
  start[count] = key.length();
  return { external: { start, key: key.values(), version: version.values() }, faulty };
}

type Step = Pick<FaultyRead, 'transaction' | 'key' | 'version'>;

interface Sight {
  wrote(step: Step): void;
  /** What is wrong; `own` when a transaction rightly saw its own write, null when another's. */
  read(step: Step): Pick<FaultyRead, 'fault' | 'expected'> | 'own' | null;
}

/** What the transaction under way has seen and written, by key; it starts anew with each transaction. */
function createSight({ writer, isLast, transactions }: Registers, keys: number): Sight {
  const writtenBy = new Int32Array(keys).fill(nobody);
  const written = new Int32Array(keys);
  const seenBy = new Int32Array(keys).fill(nobody);
  const seen = new Int32Array(keys);
  return {
    wrote({ transaction, key, version }) {
      writtenBy[key] = transaction;
      written[key] = version;
    },
    read({ transaction, key, version }) {
      if (writtenBy[key] === transaction) {
        const expected = written[key] ?? 0;
        return expected === version ? 'own' : { fault: 'internal', expected };
      }
      const before = seenBy[key] === transaction ? (seen[key] ?? 0) : null;
      seenBy[key] = transaction;
      seen[key] = version;
      if (version !== initial) {
        const source = writer[version] ?? nobody;
        if (source === nobody) return { fault: 'garbage-read', expected: null };
        if (source === transaction) return { fault: 'future-read', expected: null };
        if (transactions.outcome[source] === outcome.fail) return { fault: 'G1a', expected: null };
        if (isLast[version] !== 1) return { fault: 'G1b', expected: null };
      }
      if (before === null || before === version) return null;
      return { fault: 'unrepeatable', expected: before };
    },
  };
}
