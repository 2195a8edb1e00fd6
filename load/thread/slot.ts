import type { LoadClient } from '../../core/load-client.ts';
import { partFlag, preloadFlag, tagOf } from '../journal/codes.ts';

/** A client, and what it is doing. */
export interface Slot {
  readonly index: number;
  client: LoadClient;
  /** Counts on through the nodes. */
  target: number;
  /** Of the operation itself, and of the part of it that is under way; the same where it has no parts. */
  tag: number;
  partTag: number;
  key: number;
  /** The number of the value that is written; -1 for none. */
  value: number;
  /** -1 where it is due when it begins. */
  dueNs: number;
  partsLeft: number;
  isBusy: boolean;
  sentNs: number;
  /** In a row. */
  failures: number;
}

export function idleSlot(index: number, target: number, client: LoadClient): Slot {
  return {
    ...{ index, client, target, tag: 0, partTag: 0, key: 0, value: -1, dueNs: -1 },
    ...{ partsLeft: 0, isBusy: false, sentNs: 0, failures: 0 },
  };
}

/** What records of a journal begin with. */
export const tags = {
  read: tagOf('read'),
  write: tagOf('write'),
  insert: tagOf('insert'),
  scan: tagOf('scan'),
  modify: tagOf('modify'),
  readPart: tagOf('read', partFlag),
  writePart: tagOf('write', partFlag),
  preload: tagOf('write', preloadFlag),
};
