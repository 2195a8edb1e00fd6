import type { EvidenceOperation, LinearizabilityFailure } from '../../core/evidence.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Verdict } from '../../core/verdict.ts';
import { duration } from '../figures.ts';

/** The key and the summary, which may have the key in front already. */
export function headingOf({ key, summary }: LinearizabilityFailure): string {
  return key === null || summary.startsWith(`key ${key}`) ? summary : `key ${key}: ${summary}`;
}

/**
 * How moments of a failure are told. Histories that nobody timed have each event's place as its time;
 * they are known by operations that all last less than a microsecond.
 */
export function clockOf({ operations }: LinearizabilityFailure): {
  at(timeNs: number, decimals: number): string;
  between(fromNs: number, toNs: number): string;
} {
  const isTimed = operations.some(
    ({ callNs, returnNs }) => returnNs !== null && returnNs - callNs >= 1000,
  );
  return {
    at: (timeNs, decimals) =>
      isTimed ? `${(timeNs / 1e9).toFixed(decimals)} s` : `event ${String(timeNs)}`,
    between: (fromNs, toNs) =>
      isTimed ? duration((toNs - fromNs) / 1e6) : `to event ${String(toNs)}`,
  };
}

/** What a verdict brings: failures that can be drawn, and what has some other shape. */
export interface Evidence {
  readonly checker: string;
  readonly failures: readonly LinearizabilityFailure[];
  readonly unreadable: readonly Json[];
}

/** The evidence of a verdict and of all the verdicts it was put together from, in order. */
export function evidenceOf(verdict: Verdict): Evidence[] {
  const found = verdict.details?.failures;
  const candidates = isList(found) ? found : [];
  const read = candidates.map((each) => ({ each, failure: failureOf(each) }));
  const own: Evidence = {
    checker: verdict.checker,
    failures: read.flatMap(({ failure }) => (failure === null ? [] : [failure])),
    unreadable: read.flatMap(({ each, failure }) => (failure === null ? [each] : [])),
  };
  return [
    ...(candidates.length === 0 ? [] : [own]),
    ...(verdict.parts ?? []).flatMap((part) => evidenceOf(part)),
  ];
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
  const { process, node, op, key, input, output, phase, callNs, returnNs, label } = value;
  if (typeof process !== 'number' || typeof op !== 'string' || typeof label !== 'string')
    return null;
  if (phase !== 'ok' && phase !== 'info' && phase !== 'fail') return null;
  if (!isFiniteNumber(callNs) || !(returnNs === null || isFiniteNumber(returnNs))) return null;
  if (returnNs !== null && returnNs < callNs) return null;
  return {
    process,
    node: nameOf(node),
    op,
    key: typeof key === 'number' ? key : nameOf(key),
    input: input ?? null,
    output: output ?? null,
    phase,
    callNs,
    returnNs,
    label,
  };
}

/** Every item read, or null when one of them could not be. */
function listOf<T>(value: Json | undefined, read: (item: Json) => T | null): T[] | null {
  if (!isList(value)) return null;
  const items = value.map(read);
  return items.some((item) => item === null) ? null : items.filter((item) => item !== null);
}

function nameOf(value: Json | undefined): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : null;
}

function isFiniteNumber(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
