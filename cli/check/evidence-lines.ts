import type { Json, JsonObject } from '../../core/json.ts';
import type { Verdict } from '../../core/verdict.ts';
import { evidenceText } from '../../reports/evidence-text.ts';
import { count } from '../../reports/figures.ts';
import { shorten } from '../../reports/markup/visible.ts';

/** Examples of each kind of finding; `--json` has the others. */
const mostExamples = 3;

/**
 * What convicts, for a terminal: failures of linearizability and cycles of transactions as reports show
 * them, and of all other findings how many there are of each kind, and the worst in words.
 */
export function evidenceLines(verdict: Verdict): string[] {
  const { details = {}, parts = [], valid } = verdict;
  if (valid !== 'invalid') return [];
  const isDrawn = [details.failures, details.cycles].some(
    (found) => Array.isArray(found) && found.length > 0,
  );
  const drawn = isDrawn ? evidenceText({ ...verdict, parts: [] }).split('\n') : [];
  const shown = new Set(anomaliesIn(details.cycles));
  const told = Object.entries(details)
    .filter(([kind]) => !shown.has(kind))
    .flatMap(([kind, found]) => linesOfKind(kind, found ?? null));
  return [...drawn, ...told, ...problemsIn(details.problems), ...parts.flatMap(evidenceLines)];
}

/** What is missing in the evidence, and why. */
function problemsIn(problems: Json | undefined): string[] {
  if (!Array.isArray(problems)) return [];
  const words = (problems as readonly Json[]).filter((each) => typeof each === 'string');
  return words.slice(0, mostExamples).map((each) => `  (${shorten(each, 300)})`);
}

/** What is drawn already. */
function anomaliesIn(cycles: Json | undefined): Json[] {
  if (!Array.isArray(cycles)) return [];
  return (cycles as readonly Json[]).map((each) =>
    isObject(each) ? (each.anomaly ?? null) : null,
  );
}

function linesOfKind(kind: string, found: Json): string[] {
  if (!isObject(found)) return [];
  const { count: total, examples } = found;
  if (typeof total !== 'number' || total === 0 || !Array.isArray(examples)) return [];
  const words = (examples as readonly Json[]).map((each) => (isObject(each) ? each.words : null));
  const shown = words.filter((each) => typeof each === 'string').slice(0, mostExamples);
  const hidden = total - shown.length;
  return [
    `  ${kind}: ${count(total)}`,
    ...shown.map((each) => `    ${shorten(each, 300)}`),
    ...(hidden > 0 ? [`    and ${count(hidden)} more`] : []),
  ];
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
