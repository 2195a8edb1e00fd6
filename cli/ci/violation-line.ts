import { existsSync } from 'node:fs';
import { linesOf } from '../../checkers/formats/lines.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Verdict } from '../../core/verdict.ts';
import { textChunks } from '../../store/lines.ts';

interface Moment {
  readonly process: number;
  readonly callNs: number;
}

/** The line of a history of dtest's own on which the first operation that fits nowhere was invoked. */
export function violationLine(path: string, verdict: Verdict): number | null {
  const moment = momentOf(verdict);
  if (moment === null || !path.endsWith('.jsonl') || !existsSync(path)) return null;
  const [time, process] = [`"timeNs":${moment.callNs},`, `"process":${moment.process},`];
  for (const { text, number } of linesOf(textChunks(path), path)) {
    if (text.includes(time) && text.includes(process)) return number;
  }
  return null;
}

function momentOf({ details, parts = [] }: Verdict): Moment | null {
  for (const failure of listOf(details?.failures)) {
    const { stuck, operations } = failure as { readonly stuck?: Json; readonly operations?: Json };
    const [first] = Array.isArray(stuck) ? (stuck as readonly Json[]) : [];
    const found = typeof first === 'number' ? listOf(operations)[first] : undefined;
    if (found === undefined) continue;
    const { process, callNs } = found;
    if (typeof process === 'number' && typeof callNs === 'number') return { process, callNs };
  }
  for (const part of parts) {
    const found = momentOf(part);
    if (found !== null) return found;
  }
  return null;
}

function listOf(value: Json | undefined): readonly JsonObject[] {
  if (!Array.isArray(value)) return [];
  return (value as readonly Json[]).filter(
    (each): each is JsonObject => typeof each === 'object' && each !== null && !Array.isArray(each),
  );
}
