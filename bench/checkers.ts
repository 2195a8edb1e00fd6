import { join } from 'node:path';
import { type Arguments, parseArguments, usage } from './arguments.ts';
import { historiesIn } from './goals/folder.ts';
import { goalRows } from './goals/goals.ts';
import { porcupineTestData, publishedIn } from './goals/published.ts';
import { fileRows } from './goals/published-rows.ts';
import type { Row } from './goals/row.ts';
import { createHistoryFiles } from './histories/history-files.ts';
import { describeMachine, thisMachine } from './machine.ts';
import { type RowResult, type Setup, runRow } from './run-row.ts';
import { lineOf, tableOf, tallyOf } from './table.ts';

/** `npm run bench:checkers`: measures, with progress on standard error and the table on standard output. */
async function main(words: readonly string[]): Promise<void> {
  const given = parseArguments(words);
  if (given === null) {
    process.stdout.write(usage);
    return;
  }
  const machine = thisMachine();
  const results = await measureAll(rowsFor(given), {
    files: createHistoryFiles(given.histories),
    limits: { threads: given.threads, maxSteps: given.maxSteps },
    other: given.other,
    runs: given.runs,
    timeoutMs: given.timeoutMs,
    onFiles: (done, files) => void process.stderr.write(`  ${done} of ${files} files\n`),
  });
  const goals = given.what.kind === 'goals' ? `\n\n${tallyOf(results)}` : '';
  process.stdout.write(
    given.json
      ? `${JSON.stringify({ schema: 1, machine, results })}\n`
      : `${describeMachine(machine)}\n\n${tableOf(results)}${goals}\n`,
  );
}

function rowsFor({ what, porcupine, corpusFolder }: Arguments): readonly Row[] {
  const corpus = corpusFolder ?? join(import.meta.dirname, '../../shared/corpus');
  switch (what.kind) {
    case 'folder':
      return fileRows(historiesIn(what.folder), null);
    case 'corpus':
      return fileRows(historiesIn(corpus), { cpuMs: 5_000 });
    case 'goals': {
      const published = publishedIn(corpus);
      const logs = porcupine === null ? published : porcupineTestData(porcupine);
      const { goals } = what;
      return goalRows(logs, published).filter(
        ({ goal }) => goals === null || (goal !== null && goals.includes(goal)),
      );
    }
  }
}

async function measureAll(rows: readonly Row[], setup: Setup): Promise<readonly RowResult[]> {
  const results: RowResult[] = [];
  for (const row of rows) {
    const result = await runRow(row, setup);
    results.push(result);
    process.stderr.write(`[${results.length}/${rows.length}] ${lineOf(result)}\n`);
  }
  return results;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 254;
}
