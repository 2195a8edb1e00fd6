import type { Command } from '../consensus.ts';
import type { Ballot } from './ballot.ts';
import type { ChosenMembers } from './membership.ts';
import type { Page } from './page.ts';

/** A chosen or accepted value with its ballot, flat because there are many. */
export type BallotValue = readonly [round: number, node: string, command: Command];

/** What an acceptor accepted in a slot. */
export type SlotReport = readonly [slot: number, round: number, node: string, command: Command];

/**
 * What nodes say to each other. `from` in a message is the first slot that it is about. The ballot
 * in `probe`, `prepare`, `accept` and `heartbeat` is the sender's own; answers repeat it, which is
 * what ties them to their question.
 */
export type PaxosMessage =
  /** Would you promise? Asked before `prepare`, which it spares a stable leader. */
  | { readonly kind: 'probe'; readonly ballot: Ballot; readonly from: number }
  | {
      readonly kind: 'probed';
      readonly ballot: Ballot;
      readonly granted: boolean;
      readonly promised: Ballot;
    }
  /** You lack slots that I cannot report any more, or too many of them: catch up to `chosen` first. */
  | { readonly kind: 'behind'; readonly ballot: Ballot; readonly chosen: number }
  /**
   * Phase 1a, for all slots from `from` on. `released` is the ballot of a leader that asked for this
   * and holds no lease any more; round 0 where nobody did.
   */
  | {
      readonly kind: 'prepare';
      readonly ballot: Ballot;
      readonly from: number;
      readonly released: Ballot;
    }
  /** Phase 1b, a page of it. */
  | (Page & {
      readonly kind: 'promise';
      readonly ballot: Ballot;
      readonly reports: readonly SlotReport[];
    })
  /** Phase 2a, for consecutive slots from `from` on. Slots up to `chosen` are chosen. */
  | {
      readonly kind: 'accept';
      readonly ballot: Ballot;
      readonly from: number;
      readonly commands: readonly Command[];
      readonly chosen: number;
    }
  /** Phase 2b, for the whole of the `accept` that started there. */
  | { readonly kind: 'accepted'; readonly ballot: Ballot; readonly from: number }
  /** `ballot` came too late: `promised` is above it. */
  | { readonly kind: 'reject'; readonly ballot: Ballot; readonly promised: Ballot }
  /** I lead; `round` counts these within the ballot. */
  | {
      readonly kind: 'heartbeat';
      readonly ballot: Ballot;
      readonly round: number;
      readonly chosen: number;
    }
  /** `chosen` is how far the sender knows the slots to be. */
  | {
      readonly kind: 'heard';
      readonly ballot: Ballot;
      readonly round: number;
      readonly chosen: number;
    }
  /** I lead by this ballot, and want you to lead in my place at once. */
  | { readonly kind: 'take-over'; readonly ballot: Ballot; readonly chosen: number }
  /** I hear no leader, and know the slots up to `chosen` to be. */
  | { readonly kind: 'knows'; readonly chosen: number }
  /** What was chosen from `from` on? `offset` goes on with the snapshot of `index`. */
  | {
      readonly kind: 'catch-up';
      readonly from: number;
      readonly index: number;
      readonly offset: number;
    }
  /** Where it goes on, more comes without being asked for. */
  | {
      readonly kind: 'chosen';
      readonly from: number;
      readonly goesOn: boolean;
      readonly values: readonly BallotValue[];
    }
  /**
   * `bytes` stand at `offset` of the `total` bytes of the snapshot up to slot `index`. `members` are
   * those of the slots after it, as far as they were chosen by then.
   */
  | {
      readonly kind: 'snapshot';
      readonly index: number;
      readonly offset: number;
      readonly total: number;
      readonly bytes: string;
      readonly members: readonly ChosenMembers[];
    };

export type MessageOf<Kind extends PaxosMessage['kind']> = Extract<
  PaxosMessage,
  { readonly kind: Kind }
>;
