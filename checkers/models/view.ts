import type { Json } from '../../core/json.ts';
import type { Model, ModelOperation } from './model.ts';

/**
 * An operation as one on an object that the literature knows, for the algorithms and explanations that
 * such objects have. A register starts with the model's `init`, a counter and a mutex likewise; a
 * collection starts empty, and so does the one element that a set's operations are about.
 */
export type ObjectView =
  | RegisterView
  | AppendableView
  | CollectionView<'queue'>
  | CollectionView<'stack'>
  | CollectionView<'priority-queue'>
  | SetView
  | CounterView
  | MutexView;

export type RegisterView =
  | { readonly object: 'register'; readonly kind: 'read'; readonly value: Json }
  | { readonly object: 'register'; readonly kind: 'write'; readonly value: Json }
  | {
      readonly object: 'register';
      readonly kind: 'cas';
      readonly from: Json;
      readonly to: Json;
    };

/** A text or a list that starts empty; `read` has null for the empty one, whatever the answer was. */
export type AppendableView =
  | { readonly object: 'appendable'; readonly kind: 'read'; readonly value: Json }
  | ({ readonly object: 'appendable'; readonly kind: 'write' | 'append' } & AppendablePiece);

/** What is written or appended: some text, or one element. */
export type AppendablePiece =
  | { readonly shape: 'text'; readonly piece: string }
  | { readonly shape: 'element'; readonly piece: Json };

/** What elements go into and come out of, in an order of its own: the smallest first in a priority queue. */
export type CollectionView<ObjectName extends CollectionName = CollectionName> =
  | { readonly object: ObjectName; readonly kind: 'insert'; readonly value: Json }
  | { readonly object: ObjectName; readonly kind: 'remove'; readonly value: Json }
  /** A removal that found nothing. */
  | { readonly object: ObjectName; readonly kind: 'empty' }
  /** A removal of unknown result. */
  | { readonly object: ObjectName; readonly kind: 'take' };

export type CollectionName = 'queue' | 'stack' | 'priority-queue';

/** Something done with one element of a set, which is there or not; `contains` says which. */
export type SetView =
  | { readonly object: 'set'; readonly kind: 'add' }
  | { readonly object: 'set'; readonly kind: 'remove' }
  | { readonly object: 'set'; readonly kind: 'contains'; readonly present: boolean };

export type CounterView =
  | { readonly object: 'counter'; readonly kind: 'add'; readonly amount: number }
  | { readonly object: 'counter'; readonly kind: 'read'; readonly sum: number };

export type MutexView =
  | { readonly object: 'mutex'; readonly kind: 'acquire' }
  | { readonly object: 'mutex'; readonly kind: 'release' };

export type ObjectName = ObjectView['object'];

/** The operation as one on such an object; null when it is none. */
export function viewAs<Name extends ObjectName>(
  model: Model,
  object: Name,
  operation: ModelOperation,
): Extract<ObjectView, { readonly object: Name }> | null {
  const view = model.view?.(operation) ?? null;
  if (view?.object !== object) return null;
  return view as Extract<ObjectView, { readonly object: Name }>;
}

/** All operations as ones on such an object; null when some are not. */
export function viewsAs<Name extends ObjectName>(
  model: Model,
  object: Name,
  operations: { readonly length: number; readonly operation: (at: number) => ModelOperation },
): Extract<ObjectView, { readonly object: Name }>[] | null {
  const views: Extract<ObjectView, { readonly object: Name }>[] = [];
  for (let at = 0; at < operations.length; at++) {
    const view = viewAs(model, object, operations.operation(at));
    if (view === null) return null;
    views.push(view);
  }
  return views;
}

/** Shows what an operation does to a collection that starts empty. */
export function collectionView<Name extends CollectionName>(
  object: Name,
  insertion: string,
): (operation: ModelOperation) => CollectionView<Name> | null {
  return ({ op, input, output, phase }) => {
    if (op === insertion) {
      // An answer could not tell an element null from an empty collection.
      return input === null ? null : { object, kind: 'insert', value: input };
    }
    if (phase === 'info') return { object, kind: 'take' };
    return output === null ? { object, kind: 'empty' } : { object, kind: 'remove', value: output };
  };
}
