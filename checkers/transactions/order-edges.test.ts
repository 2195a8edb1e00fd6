import { expect, it } from 'vitest';
import { historyOf } from '../../core/history.ts';
import { finish } from '../work.ts';
import { type DependencyGraph, createGraphBuilder } from './dependency-graph.ts';
import { createListValues } from './list-values.ts';
import { addProcessOrder, addRealTimeOrder } from './order-edges.ts';
import { randomTransactions, stores } from './testing/random-transactions.ts';
import { type Transactions, outcome, readTransactions } from './transaction.ts';

const shape = { clients: 4, keys: 2, steps: 2, crashes: 0.15, failures: 0.15, mutations: 0 };

function transactionsOf(seed: number, transactions = 12): Transactions {
  const store = stores[seed % stores.length]!;
  const events = randomTransactions({ ...shape, seed, transactions, store, writes: 'append' });
  return finish(readTransactions(historyOf(events), createListValues()));
}

/** The transactions that each one reaches, over waypoints too. */
function reached(graph: DependencyGraph, from: number): number[] {
  const all = new Set([from]);
  for (const node of all) {
    for (let edge = graph.offsets[node]!; edge < graph.offsets[node + 1]!; edge++) {
      all.add(graph.targets[edge]!);
    }
  }
  return [...all]
    .filter((node) => node < graph.transactions && node !== from)
    .sort((one, other) => one - other);
}

it('real time reaches exactly what was called after a return, however many run at once', () => {
  for (let seed = 0; seed < 500; seed++) {
    const transactions = transactionsOf(seed);
    const { count, outcome: how, callAt, returnAt } = transactions;
    const builder = createGraphBuilder(count);
    addRealTimeOrder(builder, transactions);
    const graph = builder.build();
    expect(graph.targets.length).toBeLessThanOrEqual(3 * count);
    for (let one = 0; one < count; one++) {
      const later = [...callAt.keys()].filter(
        (other) =>
          how[one] === outcome.ok && how[other] !== outcome.fail && returnAt[one]! < callAt[other]!,
      );
      expect(reached(graph, one)).toEqual(later);
    }
  }
});

it('a process reaches exactly what it did after what it knows to have committed', () => {
  for (let seed = 0; seed < 500; seed++) {
    const transactions = transactionsOf(seed);
    const { count, outcome: how, process } = transactions;
    const builder = createGraphBuilder(count);
    addProcessOrder(builder, transactions);
    const graph = builder.build();
    for (let one = 0; one < count; one++) {
      const later = [...process.keys()].filter(
        (other) =>
          other > one &&
          process[other] === process[one] &&
          how[one] === outcome.ok &&
          how[other] !== outcome.fail,
      );
      expect(reached(graph, one)).toEqual(later);
    }
  }
});
