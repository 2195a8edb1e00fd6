import { wordsOf } from '../models/value.ts';
import { type Telling, transactionWords } from './evidence.ts';
import { type Grouping, below, grouped } from './grouping.ts';
import { type RegisterLink, keyWords, registerLabel, whyRead } from './register-words.ts';
import { initial } from './registers.ts';
import type { VersionEdges } from './version-edges.ts';
import type { Accesses } from './weak-order.ts';

/** Tells why one transaction on registers comes before another. */
export function registerTelling(accesses: Accesses, edges: VersionEdges): Telling {
  const { registers } = accesses;
  let known: Grouping | null = null;
  const teller = (): Teller => {
    known ??= grouped(
      below(edges.count),
      (edge) => edges.before[edge] ?? 0,
      registers.writer.length,
    );
    return { accesses, edges, known };
  };
  return {
    label: (transaction) => registerLabel(registers, transaction),
    why(link) {
      if (link.kind === 'wr') return whyRead(registers, link);
      return link.kind === 'ww' ? whyAfter(teller(), link) : whyMissed(teller(), link);
    },
  };
}

interface Teller {
  readonly accesses: Accesses;
  readonly edges: VersionEdges;
  /** The known pairs of versions by the first of them. */
  readonly known: Grouping;
}

/** A known pair from the version to one that the transaction wrote. */
function edgeTo({ accesses, edges, known }: Teller, before: number, writer: number): number | null {
  for (let each = known.start[before] ?? 0; each < (known.start[before + 1] ?? 0); each++) {
    const edge = known.rows[each] ?? 0;
    if (accesses.registers.writer[edges.after[edge] ?? 0] === writer) return edge;
  }
  return null;
}

function whyAfter(teller: Teller, { from, to, names: [one, other] }: RegisterLink): string {
  const { registers, writes } = teller.accesses;
  const { start, rows } = writes.byWriter;
  for (let each = start[from] ?? 0; each < (start[from + 1] ?? 0); each++) {
    const before = rows[each] ?? 0;
    const edge = edgeTo(teller, before, to);
    if (edge === null) continue;
    const key = keyWords(registers, registers.keyOf[before] ?? 0);
    const after = teller.edges.after[edge] ?? 0;
    const [first, then] = [before, after].map((version) => wordsOf(registers.valueOf(version)));
    return `${one} wrote ${first} to ${key} before ${other} wrote ${then}, because ${whyOrder(teller, edge)}`;
  }
  throw missingReason();
}

function whyMissed(teller: Teller, { from, to, names: [one, other] }: RegisterLink): string {
  const { registers, reads, writes } = teller.accesses;
  for (let each = reads.start[from] ?? 0; each < (reads.start[from + 1] ?? 0); each++) {
    const [key, before] = [reads.key[each] ?? 0, reads.version[each] ?? initial];
    const read = `${one} read ${keyWords(registers, key)} as ${wordsOf(registers.valueOf(before))}`;
    if (before === initial) {
      const written = writes.find(to, key);
      if (written === null) continue;
      return `${read}, before ${other} wrote ${wordsOf(registers.valueOf(written))}`;
    }
    const edge = edgeTo(teller, before, to);
    if (edge === null) continue;
    const then = wordsOf(registers.valueOf(teller.edges.after[edge] ?? 0));
    if (teller.edges.reason(edge) === 'update')
      return `${read}, which ${other} replaced by ${then}`;
    return `${read}, before ${other} wrote ${then}, because ${whyOrder(teller, edge)}`;
  }
  throw missingReason();
}

/** What shows the order of two versions. */
function whyOrder({ accesses: { registers }, edges }: Teller, edge: number): string {
  const value = (version: number | undefined): string => wordsOf(registers.valueOf(version ?? 0));
  const [first, then] = [value(edges.before[edge]), value(edges.after[edge])];
  const witness = transactionWords(registers.transactions, edges.witness[edge] ?? 0);
  switch (edges.reason(edge)) {
    case 'update':
      return `${witness} read ${first} and wrote ${then}`;
    case 'seen':
      return `${witness} had read from the writer of ${first}, and read ${then}`;
    case 'process':
      return `${witness} met ${then} after its process had met ${first}`;
    case 'causal':
      return `${witness} came after the writer of ${first}, and read ${then}`;
    case 'realtime':
      return `${first} was there before ${witness} began, which met ${then}`;
  }
}

function missingReason(): Error {
  return new Error('expected a reason for a dependency, found none; please report it');
}
