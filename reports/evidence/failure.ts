import type { EvidenceOperation, LinearizabilityFailure } from '../../core/evidence.ts';
import type { Json } from '../../core/json.ts';
import { isFiniteNumber, isObject, listOf, nameOf, phaseOf, spanOf } from './json.ts';

/** The key and the summary, which may have the key in front already. */
export function headingOf({ key, summary }: LinearizabilityFailure): string {
  return key === null || summary.startsWith(`key ${key}`) ? summary : `key ${key}: ${summary}`;
}

/** The failure, or null where anything is not as agreed: the picture must not show a guess. */
export function failureOf(value: Json): LinearizabilityFailure | null {
  if (!isObject(value)) return null;
  const { key, model, summary, window, omitted } = value;
  const operations = listOf(value.operations, operationOf);
  if (operations === null || operations.length === 0) return null;
  const place = (at: Json): number | null =>
    typeof at === 'number' && operations[at] !== undefined ? at : null;
  const linearization = listOf(value.linearization, (step) => stepOf(step, place));
  const stuck = listOf(value.stuck, place);
  if (linearization === null || stuck === null) return null;
  if (typeof model !== 'string' || typeof summary !== 'string') return null;
  return {
    key: nameOf(key),
    model,
    summary,
    window: windowOf(window, operations),
    operations,
    linearization,
    stuck,
    omitted: typeof omitted === 'number' ? omitted : 0,
  };
}

/** As it was told, or from the first call to the last return. */
function windowOf(
  value: Json | undefined,
  operations: readonly EvidenceOperation[],
): LinearizabilityFailure['window'] {
  if (value !== undefined && isObject(value)) {
    const { fromNs, toNs } = value;
    if (isFiniteNumber(fromNs) && isFiniteNumber(toNs)) return { fromNs, toNs };
  }
  return {
    fromNs: Math.min(...operations.map(({ callNs }) => callNs)),
    toNs: Math.max(...operations.map(({ callNs, returnNs }) => returnNs ?? callNs)),
  };
}

function stepOf(value: Json, place: (at: Json) => number | null) {
  if (!isObject(value) || value.operation === undefined) return null;
  const operation = place(value.operation);
  const state = value.state;
  return operation === null || typeof state !== 'string' ? null : { operation, state };
}

function operationOf(value: Json): EvidenceOperation | null {
  if (!isObject(value)) return null;
  const { process, node, op, key, input, output, label } = value;
  const [phase, span] = [phaseOf(value.phase), spanOf(value.callNs, value.returnNs)];
  if (typeof process !== 'number' || typeof op !== 'string') return null;
  if (typeof label !== 'string' || phase === null || span === null) return null;
  return {
    process,
    node: nameOf(node),
    op,
    key: typeof key === 'number' ? key : nameOf(key),
    input: input ?? null,
    output: output ?? null,
    phase,
    ...span,
    label,
  };
}
