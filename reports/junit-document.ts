import { type Markup, markup } from './markup/markup.ts';
import { clip, shorten } from './markup/visible.ts';

/** Why a case of a JUnit report is not green. */
export interface JunitTrouble {
  readonly kind: 'failure' | 'error' | 'skipped';
  readonly type: string;
  readonly message: string;
  readonly text: string;
}

export interface JunitCase {
  readonly name: string;
  readonly trouble: JunitTrouble | null;
}

export interface JunitSuite {
  readonly suite: string;
  /** Build servers split it at dots. */
  readonly className: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly seconds: number;
  readonly cases: readonly JunitCase[];
  readonly output: string;
}

/** One suite as a whole document, whatever was judged. */
export function junitDocument(suite: JunitSuite): string {
  const { cases, startedAt, output, className } = suite;
  const tally = (kind: JunitTrouble['kind']): number =>
    cases.filter(({ trouble }) => trouble?.kind === kind).length;
  const seconds = suite.seconds.toFixed(3);
  const counts = markup`tests="${cases.length}" failures="${tally('failure')}" errors="${tally('error')}"`;
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="dtest" ${counts} time="${seconds}">
  <testsuite name="${shorten(suite.suite, 200)}" ${counts} skipped="${tally('skipped')}" time="${seconds}" timestamp="${startedAt.slice(0, 19)}">
${cases.map((each) => caseElement(each, className))}    <system-out>${clip(output, 20_000)}</system-out>
  </testsuite>
</testsuites>
`.markup;
}

function caseElement({ name, trouble }: JunitCase, className: string): Markup {
  const head = markup`    <testcase name="${shorten(name, 200)}" classname="${className}" time="0"`;
  if (trouble === null) {
    return markup`${head}/>
`;
  }
  const { kind, type, message, text } = trouble;
  return markup`${head}>
      ${troubleElement(kind, markup`message="${clip(message, 2000)}" type="${type}"`, clip(text, 50_000))}
    </testcase>
`;
}

function troubleElement(kind: JunitTrouble['kind'], attributes: Markup, text: string): Markup {
  switch (kind) {
    case 'failure':
      return markup`<failure ${attributes}>${text}</failure>`;
    case 'error':
      return markup`<error ${attributes}>${text}</error>`;
    case 'skipped':
      return markup`<skipped ${attributes}>${text}</skipped>`;
  }
}
