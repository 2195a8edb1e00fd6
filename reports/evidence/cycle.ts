import type {
  DependencyKind,
  EvidenceDependency,
  EvidenceTransaction,
  TransactionCycle,
} from '../../core/evidence.ts';
import type { Json } from '../../core/json.ts';
import { isObject, listOf, nameOf, phaseOf, spanOf } from './json.ts';

/** What each kind of dependency says of the first transaction and the next, for legends. */
export const dependencyWords: Readonly<Record<DependencyKind, string>> = {
  ww: 'the next overwrote what it wrote',
  wr: 'the next read what it wrote',
  rw: 'the next overwrote what it read',
  process: 'the same process did it first',
  realtime: 'it was over before the next began',
};

/** The cycle, or null where anything is not as agreed: the picture must not show a guess. */
export function cycleOf(value: Json): TransactionCycle | null {
  if (!isObject(value)) return null;
  const { anomaly, summary } = value;
  const transactions = listOf(value.transactions, transactionOf);
  const dependencies = listOf(value.dependencies, dependencyOf);
  if (typeof anomaly !== 'string' || typeof summary !== 'string') return null;
  if (transactions === null || dependencies === null || transactions.length === 0) return null;
  return transactions.length === dependencies.length
    ? { anomaly, summary, transactions, dependencies }
    : null;
}

function transactionOf(value: Json): EvidenceTransaction | null {
  if (!isObject(value)) return null;
  const { name, process, node, label } = value;
  const [phase, span] = [phaseOf(value.phase), spanOf(value.callNs, value.returnNs)];
  if (typeof name !== 'string' || typeof process !== 'number') return null;
  if (typeof label !== 'string' || phase === null || span === null) return null;
  return { name, process, node: nameOf(node), phase, ...span, label };
}

function dependencyOf(value: Json): EvidenceDependency | null {
  if (!isObject(value)) return null;
  const { kind, why } = value;
  if (typeof kind !== 'string' || typeof why !== 'string') return null;
  return isKind(kind) ? { kind, why } : null;
}

function isKind(text: string): text is DependencyKind {
  return Object.hasOwn(dependencyWords, text);
}
