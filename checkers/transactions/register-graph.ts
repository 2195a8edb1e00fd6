import { type DependencyGraph, type GraphBuilder, createGraphBuilder } from './dependency-graph.ts';
import { type Grouping, below, grouped } from './grouping.ts';
import { addAllPairs } from './list-graph.ts';
import { addProcessOrder, addRealTimeOrder } from './order-edges.ts';
import { initial } from './registers.ts';
import type { VersionEdges, VersionReason } from './version-edges.ts';
import { type Accesses, addReadsFrom } from './weak-order.ts';

/** What goes into a graph of dependencies. */
export interface GraphParts {
  readonly edges: VersionEdges;
  /** The reasons for which the order of versions is taken to be known: for their readers, and writers. */
  readonly forReaders: ReadonlySet<VersionReason>;
  readonly forWriters: ReadonlySet<VersionReason>;
  readonly process: boolean;
  readonly realtime: boolean;
}

/** Dependencies of transactions on registers, as far as the order of versions is known. */
export function registerGraph(accesses: Accesses, parts: GraphParts): DependencyGraph {
  const { transactions } = accesses.registers;
  const builder = createGraphBuilder(transactions.count);
  addReadsFrom(builder, accesses);
  const readers = readersOf(accesses);
  addFirstVersions(builder, accesses, readers);
  addVersions(builder, accesses, { readers, ...parts });
  if (parts.process) addProcessOrder(builder, transactions);
  if (parts.realtime) addRealTimeOrder(builder, transactions);
  return builder.build();
}

/** Who read which version, and who read the initial one of each key. */
interface Readers {
  readonly ofVersion: Grouping;
  readonly ofInitial: Grouping;
}

function readersOf({ registers, reads }: Accesses): Readers {
  const { transactions, writer } = registers;
  const reader = new Uint32Array(reads.version.length);
  for (let at = 0; at < transactions.count; at++) {
    reader.fill(at, reads.start[at], reads.start[at + 1]);
  }
  const rows = below(reader.length);
  const ofVersion = grouped(rows, (row) => reads.version[row] ?? initial, writer.length);
  const ofInitial = grouped(
    rows,
    (row) => (reads.version[row] === initial ? (reads.key[row] ?? 0) : -1),
    transactions.keys.length,
  );
  const named = ({ start, rows: own }: Grouping): Grouping => ({
    start,
    rows: own.map((row) => reader[row] ?? 0),
  });
  return { ofVersion: named(ofVersion), ofInitial: named(ofInitial) };
}

const membersOf = ({ start, rows }: Grouping, group: number): Uint32Array =>
  rows.subarray(start[group], start[group + 1]);

/** Whoever read the initial version of a key comes before everybody else who wrote the key. */
function addFirstVersions(
  builder: GraphBuilder,
  { registers, writes }: Accesses,
  { ofInitial }: Readers,
): void {
  for (let key = 0; key < registers.transactions.keys.length; key++) {
    const readers = membersOf(ofInitial, key);
    if (readers.length === 0) continue;
    const versions = membersOf(writes.byKey, key);
    addAllPairs(builder, readers, [...versions.map((version) => registers.writer[version] ?? 0)]);
  }
}

/**
 * The writer of the one version comes before that of the other, and so do its readers. After an update the
 * writers are linked by what was read anyway.
 */
function addVersions(
  builder: GraphBuilder,
  { registers: { writer } }: Accesses,
  { readers, edges, forReaders, forWriters }: GraphParts & { readonly readers: Readers },
): void {
  for (let edge = 0; edge < edges.count; edge++) {
    const reason = edges.reason(edge);
    if (reason === 'update' || !forWriters.has(reason)) continue;
    builder.add(writer[edges.before[edge] ?? 0] ?? 0, writer[edges.after[edge] ?? 0] ?? 0, 'ww');
  }
  const next = grouped(
    below(edges.count),
    (edge) => (forReaders.has(edges.reason(edge)) ? (edges.before[edge] ?? 0) : -1),
    writer.length,
  );
  for (let version = 0; version < writer.length; version++) {
    const own = membersOf(readers.ofVersion, version);
    const later = membersOf(next, version);
    if (own.length === 0 || later.length === 0) continue;
    addAllPairs(builder, own, [...later.map((edge) => writer[edges.after[edge] ?? 0] ?? 0)]);
  }
}
