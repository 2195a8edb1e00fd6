import type { Model, ModelOperation } from '../../models/model.ts';

/** What the search may assume of an operation. */
export const operationKind = {
  /** Anything. */
  update: 0,
  /** Leaves every state as it is (`Model.readOnly`). */
  read: 1,
  /** Always possible, and leads to the same states from everywhere (`Model.blind`). */
  blind: 2,
} as const;

/**
 * Operations by number, so that what a model says of one is asked once for all that are alike. Those of
 * one *class* have the same `step`. Those of one *group* have the same `step` wherever both have an
 * effect: a write that returned and a crashed one of the same value are of one group and two classes.
 */
export interface OperationClasses {
  count(): number;
  classOf(operation: ModelOperation): number;
  kindOf(operationClass: number): number;
  groupOf(operationClass: number): number;
  /** One operation of the class. */
  exampleOf(operationClass: number): ModelOperation;
}

export function createOperationClasses(model: Model): OperationClasses {
  const examples: ModelOperation[] = [];
  const kinds: number[] = [];
  const groupOfClass: number[] = [];
  const groups = new Map<string, number>();
  /** For each phase, the class of each group. */
  const classes = { ok: [] as number[], fail: [] as number[], info: [] as number[] };
  return {
    count: () => examples.length,
    classOf(operation) {
      const effect = model.effect?.(operation) ?? JSON.stringify(operation);
      let group = groups.get(effect);
      if (group === undefined) groups.set(effect, (group = groups.size));
      const ofPhase = classes[operation.phase];
      const known = ofPhase[group];
      if (known !== undefined) return known;
      const number = examples.push(operation) - 1;
      kinds.push(kindIn(model, operation));
      groupOfClass.push(group);
      ofPhase[group] = number;
      return number;
    },
    kindOf: (operationClass) => kinds[operationClass] as number,
    groupOf: (operationClass) => groupOfClass[operationClass] as number,
    exampleOf: (operationClass) => examples[operationClass] as ModelOperation,
  };
}

function kindIn(model: Model, operation: ModelOperation): number {
  if (model.readOnly?.(operation) === true) return operationKind.read;
  return model.blind?.(operation) === true ? operationKind.blind : operationKind.update;
}
