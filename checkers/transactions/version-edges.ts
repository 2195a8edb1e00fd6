import { bytes, naturals } from './column.ts';

/** Why one version of a register is known to come before another. */
export const versionReasons = [
  /** A transaction read the one and wrote the other. */
  'update',
  /** A transaction read from the writer of the one, and read the other. */
  'seen',
  /** A process knew the one, and read or wrote the other later. */
  'process',
  /** By reads and processes, a transaction came after the writer of the one, and read the other. */
  'causal',
  /** A transaction that knew the one was over before another began that read or wrote the other. */
  'realtime',
] as const;

export type VersionReason = (typeof versionReasons)[number];

/** Pairs of versions of a key, the first of which comes before the second. */
export interface VersionEdges {
  readonly count: number;
  readonly before: Uint32Array;
  readonly after: Uint32Array;
  readonly reason: (edge: number) => VersionReason;
  /** The transaction that shows it: the one that reads or writes the second version. */
  readonly witness: Uint32Array;
}

export interface VersionEdge {
  readonly before: number;
  readonly after: number;
  readonly reason: VersionReason;
  readonly witness: number;
}

export interface VersionEdgesBuilder {
  readonly add: (edge: VersionEdge) => void;
  readonly build: () => VersionEdges;
}

export function createVersionEdges(): VersionEdgesBuilder {
  const [before, after, witness, reasons] = [naturals(), naturals(), naturals(), bytes()];
  return {
    add(edge) {
      before.push(edge.before);
      after.push(edge.after);
      witness.push(edge.witness);
      reasons.push(versionReasons.indexOf(edge.reason));
    },
    build: () => ({
      count: before.length(),
      before: before.values(),
      after: after.values(),
      witness: witness.values(),
      reason(edge) {
        const reason = versionReasons[reasons.at(edge)];
        if (reason !== undefined) return reason;
        throw new Error(`expected a reason for the order of versions, got ${reasons.at(edge)}`);
      },
    }),
  };
}
