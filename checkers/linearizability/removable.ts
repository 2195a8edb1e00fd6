import type { Model } from '../models/model.ts';
import { valueKey } from '../models/value.ts';
import { type RegisterView, viewsAs } from '../models/view.ts';
import type { Part } from './part.ts';

/** What can be taken out of a linearizable history so that it stays linearizable. */
export interface Removable {
  /** How many units there are to choose from. */
  readonly units: number;
  /** All operations that have to go when these units do. */
  operationsOf(units: readonly number[]): readonly number[];
}

export function removableIn(model: Model, part: Part): Removable {
  const views = viewsAs(model, 'register', part.operations);
  return views === null ? removableTokens(model, part) : removableValues(views);
}

/**
 * On a register, any values can go, with those that a cas made of them and so on, and with all that
 * reads, expects or writes one of these. What stays reads or expects a value that stays, so the
 * operation that made that value stays too, and nothing in between was added.
 */
function removableValues(views: readonly RegisterView[]): Removable {
  const numbers = new Map<string | number, number>();
  const mentions: number[][] = [];
  const madeOf: number[][] = [];
  const numberOf = (key: string | number): number => {
    let number = numbers.get(key);
    if (number !== undefined) return number;
    numbers.set(key, (number = mentions.push([]) - 1));
    madeOf.push([]);
    return number;
  };
  for (const [at, view] of views.entries()) {
    const value = numberOf(valueKey(view.kind === 'cas' ? view.to : view.value));
    mentions[value]?.push(at);
    if (view.kind !== 'cas') continue;
    const from = numberOf(valueKey(view.from));
    mentions[from]?.push(at);
    madeOf[from]?.push(value);
  }
  return {
    units: mentions.length,
    operationsOf(units) {
      const values = new Set(units);
      for (const value of values) for (const made of madeOf[value] ?? []) values.add(made);
      return [...new Set([...values].flatMap((value) => mentions[value] ?? []))];
    },
  };
}

/** Operations tied together by their tokens, directly or through others, go together. */
function removableTokens(model: Model, part: Part): Removable {
  const parent = new Map<string, string>();
  const rootOf = (token: string): string => {
    let root = token;
    for (let up = parent.get(root); up !== undefined; up = parent.get(root)) root = up;
    if (root !== token) parent.set(token, root);
    return root;
  };
  const { length, operation } = part.operations;
  const tokens = Array.from({ length }, (_, at) => model.tokens?.(operation(at)) ?? []);
  for (const [first, ...others] of tokens) {
    for (const other of others) {
      if (first !== undefined && rootOf(first) !== rootOf(other)) {
        parent.set(rootOf(other), rootOf(first));
      }
    }
  }
  const byRoot = new Map<string, number[]>();
  for (const [at, [first]] of tokens.entries()) {
    if (first === undefined) continue;
    const group = byRoot.get(rootOf(first));
    if (group === undefined) byRoot.set(rootOf(first), [at]);
    else group.push(at);
  }
  const groups = [...byRoot.values()];
  return {
    units: groups.length,
    operationsOf: (units) => units.flatMap((unit) => groups[unit] ?? []),
  };
}
