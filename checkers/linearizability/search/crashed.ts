import { type OperationClasses, operationKind } from './operation-classes.ts';
import { type Transitions, impossible } from './transitions.ts';
import type { UsedSets } from './used-sets.ts';

/**
 * The operations whose outcome nobody knows, called up to some point of the history. Alike ones are
 * interchangeable, so they are counted by class; each may happen once at any time after its call.
 */
export interface Crashed {
  /** Classes so far. They are numbered by first appearance and never go. */
  count(): number;
  add(operationClass: number): void;
  /** Takes an `add` back. */
  remove(operationClass: number): void;
  classAt(crashedClass: number): number;
  /** The blind ones of the classes. */
  readonly blinds: readonly number[];
  /** How many of the class there are. */
  available(crashedClass: number): number;
  /** The classes that change this state and are not blind. */
  updatesAt(state: number): readonly number[];
  /** Whether one of these is left in a configuration. */
  canUpdate(state: number, used: number): boolean;
  isLeft(crashedClass: number, used: number): boolean;
}

export function createCrashed(
  classes: OperationClasses,
  transitions: Transitions,
  usedSets: UsedSets,
): Crashed {
  const classOf: number[] = [];
  const counts: number[] = [];
  const numbers = new Map<number, number>();
  const updates: number[] = [];
  const blinds: number[] = [];
  /** For each state that was asked about, those of the first `looked` updates that change it. */
  const changing: { list: number[]; looked: number }[] = [];
  const none: readonly number[] = [];

  const isLeft = (crashedClass: number, used: number): boolean =>
    usedSets.countOf(used, crashedClass) < (counts[crashedClass] as number);
  const updatesAt = (state: number): readonly number[] => {
    if (updates.length === 0) return none;
    const known = (changing[state] ??= { list: [], looked: 0 });
    for (; known.looked < updates.length; known.looked++) {
      const crashedClass = updates[known.looked] as number;
      const next = transitions.next(state, classOf[crashedClass] as number);
      if (next !== impossible && next !== state) known.list.push(crashedClass);
    }
    return known.list;
  };
  return {
    count: () => classOf.length,
    add(operationClass) {
      let number = numbers.get(operationClass);
      if (number === undefined) {
        number = classOf.push(operationClass) - 1;
        counts.push(0);
        numbers.set(operationClass, number);
        const kind = classes.kindOf(operationClass);
        if (kind === operationKind.blind) blinds.push(number);
        if (kind === operationKind.update) updates.push(number);
      }
      counts[number] = (counts[number] as number) + 1;
    },
    remove(operationClass) {
      const number = numbers.get(operationClass) as number;
      counts[number] = (counts[number] as number) - 1;
    },
    classAt: (crashedClass) => classOf[crashedClass] as number,
    blinds,
    available: (crashedClass) => counts[crashedClass] as number,
    updatesAt,
    canUpdate(state, used) {
      for (const each of updatesAt(state)) if (isLeft(each, used)) return true;
      return false;
    },
    isLeft,
  };
}
