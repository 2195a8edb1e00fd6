import type { PowerMoment } from '../core/cluster.ts';
import type { Conditions } from '../core/conditions.ts';
import type { NodeId } from '../core/node-id.ts';
import type { Protocol } from '../core/protocol.ts';
import type { Rng } from '../core/rng.ts';
import type { Settings } from '../core/system.ts';
import type { Codec } from '../host/loop.ts';
import type { Drive } from './drive.ts';
import type { LocalClock } from './local-clock.ts';
import type { DiskHealth } from './mounted-disk.ts';
import type { Parcel } from './parcels.ts';
import type { Process } from './process.ts';
import type { Simulation } from './virtual-time.ts';

export interface MachineOptions {
  readonly id: NodeId;
  readonly nodes: readonly NodeId[];
  readonly simulation: Simulation;
  readonly conditions: Conditions;
  readonly protocol: Protocol<unknown, unknown>;
  readonly settings: Settings;
  readonly rng: Rng;
  readonly codec: Codec<Parcel>;
  readonly send: (to: NodeId, parcel: Parcel) => void;
  /** After every turn of the node's loop. */
  readonly onTurn: (id: NodeId, state: unknown) => void;
}

/** A machine and all that changes in it. */
export interface Life {
  readonly options: MachineOptions;
  readonly drive: Drive;
  readonly clock: LocalClock;
  readonly health: DiskHealth;
  readonly log: string[];
  process: Process | null;
  /** Counts starts and ends: what was begun in one life must not act in the next. */
  life: number;
  isUp: boolean;
  isPaused: boolean;
  /** When power is to fail, and how likely; null for never. */
  failing: { readonly moment: PowerMoment; readonly share: number } | null;
  /** What came while the process was paused. */
  held: (() => void)[];
  /** To be told of everything that leaves the process. */
  readonly sent: () => void;
  /** To be told of every sync that is done. */
  readonly synced: () => void;
  /** What whoever asks it, or dials, gets while it does not run: made once, because errors are dear to make. */
  readonly silent: Error;
  readonly refused: Error;
  /** Told when the process has ended. */
  readonly onEnd: (() => void)[];
}

/**
 * Runs the act unless the process has ended since; holds it back while the process is paused. What a
 * process asks for names its own life: some of it comes when that is over already.
 */
export function whileUp(life: Life, act: () => void, begun = life.life): () => void {
  const guarded = (): void => {
    if (!life.isUp || begun !== life.life) return;
    if (life.isPaused) life.held.push(guarded);
    else act();
  };
  return guarded;
}
