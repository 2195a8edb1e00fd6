import type { Reporter } from '../core/reporter.ts';
import type { Run, ThresholdResult } from '../core/run.ts';
import type { Verdict } from '../core/verdict.ts';
import { evidenceText } from './evidence-text.ts';
import { measuredFigure, plainText } from './figures.ts';
import { type Markup, markup } from './markup/markup.ts';
import { clip, shorten } from './markup/visible.ts';

/** `junit.xml` for build servers: a suite for the run, a case for each verdict and each threshold. */
export const junit: Reporter = {
  name: 'junit',
  summary: 'junit.xml: verdict, checkers and thresholds as test cases, for build servers',
  render: (run) => [{ path: 'junit.xml', content: junitXml(run) }],
};

interface Trouble {
  readonly kind: 'failure' | 'error';
  readonly type: string;
  readonly message: string;
  readonly text: string;
}

interface Case {
  readonly name: string;
  readonly trouble: Trouble | null;
}

/** Exit codes from here on mean that the harness failed, not the system. */
const firstHarnessCode = 254;

function junitXml(run: Run): string {
  const { plan, results } = run;
  const cases = casesOf(run);
  const tally = (kind: Trouble['kind']): number =>
    cases.filter(({ trouble }) => trouble?.kind === kind).length;
  const seconds = (results.stats.durationMs / 1000).toFixed(3);
  const counts = markup`tests="${cases.length}" failures="${tally('failure')}" errors="${tally('error')}" skipped="0" time="${seconds}"`;
  const className = `dtest.${dotless(plan.system)}.${dotless(plan.workload)}`;
  const document = markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="dtest" tests="${cases.length}" failures="${tally('failure')}" errors="${tally('error')}" time="${seconds}">
  <testsuite name="${shorten(run.name, 200)}" ${counts} timestamp="${timestampOf(run.startedAt)}">
    <properties>
${propertiesOf(run).map(
  ([name, value]) => markup`      <property name="${name}" value="${value}"/>
`,
)}    </properties>
${cases.map((each, at) => caseElement(each, { className, seconds: at === 0 ? seconds : '0' }))}    <system-out>${clip(run.command, 4000)}
${clip(run.path, 1000)}/report.html</system-out>
  </testsuite>
</testsuites>
`;
  return document.markup;
}

/**
 * The run as a whole comes first: it can be unknown though every checker is content, when its faults
 * changed nothing. Unknown is a failure of its own type: a build must not be green on it.
 */
function casesOf(run: Run): Case[] {
  const { results } = run;
  const isHarness = results.exitCode >= firstHarnessCode;
  const own: Verdict = { checker: 'run', valid: results.valid, summary: results.reason };
  const whole: Case = isHarness
    ? {
        name: 'run',
        trouble: { kind: 'error', type: 'harness', message: results.reason, text: results.reason },
      }
    : { name: 'run', trouble: troubleOf(own) };
  return [
    whole,
    ...leaves(results.verdict).map((verdict) => ({
      name: `checker ${shorten(verdict.checker, 100)}`,
      trouble: troubleOf(verdict),
    })),
    ...results.thresholds.map((threshold) => ({
      name: `threshold ${shorten(threshold.text, 100)}`,
      trouble: missed(threshold),
    })),
  ];
}

const maximumVerdicts = 500;

/** The verdicts that were not put together from others. */
function leaves(verdict: Verdict): Verdict[] {
  const parts = verdict.parts ?? [];
  return parts.length === 0 ? [verdict] : parts.flatMap(leaves).slice(0, maximumVerdicts);
}

function troubleOf(verdict: Verdict): Trouble | null {
  if (verdict.valid === 'valid') return null;
  const evidence = verdict.valid === 'invalid' ? evidenceText(verdict) : '';
  const text = evidence === '' ? verdict.summary : `${verdict.summary}\n\n${evidence}`;
  return { kind: 'failure', type: verdict.valid, message: verdict.summary, text };
}

function missed(threshold: ThresholdResult): Trouble | null {
  const { text, met } = threshold;
  if (met) return null;
  const message = `expected ${text}, measured ${measuredFigure(threshold)}`;
  return { kind: 'failure', type: 'threshold', message, text: message };
}

function caseElement(
  { name, trouble }: Case,
  { className, seconds }: { readonly className: string; readonly seconds: string },
): Markup {
  const head = markup`    <testcase name="${name}" classname="${className}" time="${seconds}"`;
  if (trouble === null)
    return markup`${head}/>
`;
  const { kind, type, message, text } = trouble;
  const body = markup`message="${shorten(message, 1000)}" type="${type}">${clip(text, 50_000)}`;
  const element =
    kind === 'error' ? markup`<error ${body}</error>` : markup`<failure ${body}</failure>`;
  return markup`${head}>
      ${element}
    </testcase>
`;
}

function propertiesOf({ plan }: Run): [string, string][] {
  const { settings, faults, conditions: _drawn, operations: _laidDown, ...rest } = plan;
  const entries = [
    ...Object.entries(rest),
    ...Object.entries(settings).map(([name, value]) => [`settings.${name}`, value] as const),
    ['faults', faults.length] as const,
  ];
  return entries.map(([name, value]) => [shorten(name, 100), plainText(value, 1000)]);
}

/** The form that XML Schema's dateTime and the usual schemas agree on, in UTC without a zone. */
function timestampOf(startedAt: string): string {
  const time = new Date(startedAt);
  return Number.isNaN(time.getTime()) ? '1970-01-01T00:00:00' : time.toISOString().slice(0, 19);
}

/** Build servers split class names at dots. */
function dotless(name: string): string {
  return shorten(name, 60).replaceAll('.', '_');
}
