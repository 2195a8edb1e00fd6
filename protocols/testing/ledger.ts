import type { NodeId } from '../../core/node-id.ts';
import type { AppliedEntry, Command } from '../consensus.ts';
import { InvariantViolation } from './violation.ts';

/** A command put to a node, and what is known of it. Commands of a run are distinct. */
export interface Proposal {
  readonly id: number;
  readonly node: NodeId;
  readonly command: Command;
  phase: 'asked' | 'proposed' | 'rejected';
  index?: number;
  /** The command stands in the agreed log. */
  applied: boolean;
}

/**
 * What all nodes applied, put together: the agreed log as an all-seeing observer knows it. It holds
 * every node to state machine safety (Raft §5.4.3): no two nodes ever apply different commands at
 * one index, and each applies all indexes in order.
 */
export interface Ledger {
  /** The highest index that any node has applied. */
  readonly height: number;
  commandAt(index: number): Command;
  /** A node has applied this entry, after `appliedIndex`. */
  applied(node: NodeId, entry: AppliedEntry, appliedIndex: number): void;
  /** A node has replaced its state by the effect of these commands, the first at index 1. */
  restored(node: NodeId, commands: readonly Command[], appliedIndex: number): void;
  asked(proposal: Proposal): void;
  /** `phase` or `index` of the proposal has changed. */
  answered(proposal: Proposal): void;
}

interface Book {
  readonly log: { readonly key: string; readonly command: Command; readonly node: NodeId }[];
  /** Where a command stands. */
  readonly indexes: Map<string, number>;
  readonly proposals: Map<string, Proposal>;
}

export function ledger(): Ledger {
  const book: Book = { log: [], indexes: new Map(), proposals: new Map() };
  const { log } = book;
  return {
    get height() {
      return log.length;
    },
    commandAt: (index) => log[index - 1]?.command,
    applied(node, entry, appliedIndex) {
      inOrder(node, entry.index === appliedIndex + 1, `${entry.index} after ${appliedIndex}`);
      compare(book, node, entry.index, entry.command);
    },
    restored(node, commands, appliedIndex) {
      inOrder(node, commands.length >= appliedIndex, `${commands.length} after ${appliedIndex}`);
      commands.forEach((command, at) => {
        compare(book, node, at + 1, command);
      });
    },
    asked(proposal) {
      const key = keyOf(proposal.command);
      if (book.proposals.has(key)) throw new Error(`expected distinct commands, got ${key} twice`);
      book.proposals.set(key, proposal);
    },
    answered(proposal) {
      settle(book, keyOf(proposal.command));
    },
  };
}

function compare(book: Book, node: NodeId, index: number, command: Command): void {
  const known = book.log[index - 1];
  if (known === undefined) {
    extend(book, node, command);
    return;
  }
  if (known.command === command || known.key === keyOf(command)) return;
  const detail = `index ${index} is ${known.key} at ${known.node}, ${keyOf(command)} at ${node}`;
  throw new InvariantViolation('state machine safety', detail);
}

function extend(book: Book, node: NodeId, command: Command): void {
  const key = keyOf(command);
  const earlier = book.indexes.get(key);
  book.log.push({ key, command, node });
  if (earlier !== undefined && book.proposals.has(key)) {
    const detail = `${node} applied ${key} at ${book.log.length}, it stands at ${earlier} already`;
    throw new InvariantViolation('fate of proposals', detail);
  }
  book.indexes.set(key, book.log.length);
  settle(book, key);
}

/** A command stands where it was proposed or nowhere; one that was rejected stands nowhere. */
function settle(book: Book, key: string): void {
  const proposal = book.proposals.get(key);
  const index = book.indexes.get(key);
  if (proposal === undefined || index === undefined) return;
  proposal.applied = true;
  if (proposal.phase !== 'rejected' && (proposal.index ?? index) === index) return;
  const said = proposal.phase === 'rejected' ? 'rejected' : `proposed at ${proposal.index ?? 0}`;
  throw new InvariantViolation('fate of proposals', `${key} was ${said}, applied at ${index}`);
}

function inOrder(node: NodeId, holds: boolean, detail: string): void {
  if (!holds) throw new InvariantViolation('apply order', `${node} applied ${detail}`);
}

function keyOf(command: Command): string {
  return typeof command === 'string' ? command : JSON.stringify(command);
}
