import { basename } from 'node:path';
import type { Published } from './published.ts';
import type { Limit, Row, Source } from './row.ts';

/** CPU time of Porcupine 1.3.0 in the baseline for each log that took it more than 5 ms. */
const hardLogsMs: Readonly<Record<string, number>> = {
  'etcd_002.log': 409,
  'etcd_007.log': 260,
  'etcd_040.log': 21,
  'etcd_057.log': 113,
  'etcd_075.log': 42,
  'etcd_080.log': 14,
  'etcd_099.log': 106,
  'c50-bad.txt': 52,
  'c50-ok.txt': 350,
};

/** What it took on average for each of the others, so that part of the logs has a baseline too. */
const easyLogMs = 0.45;

/** Goals 1 to 4: the logs that other checkers are measured with. */
export function logRows(published: readonly Published[]): readonly Row[] {
  const etcd = sourcesOf(published, 'etcd');
  const kv = sourcesOf(published, 'kv');
  const first = together(1, `etcd, ${etcd.length} files`, etcd);
  const sixth = together(2, `etcd, ${etcd.length} files, sixth pass`, etcd, 6);
  const keyed = together(3, `KV logs, ${kv.length} files`, kv);
  return [
    { ...first, must: { share: 1 / 5 }, aim: { share: 1 / 10 } },
    { ...sixth, must: { share: 1 / 20 }, aim: { share: 1 / 100 } },
    { ...keyed, must: { share: 1 / 5, peakMb: 16 }, aim: { share: 1 / 10 } },
    ...[...etcd, ...kv]
      .filter((source) => nameOf(source) in hardLogsMs)
      .map((source) => ({ ...together(4, nameOf(source), [source]), must: { share: 1 } })),
  ];
}

/** Goal 19: every history of the open corpus, each in a process of its own. */
export function corpusRow(published: readonly Published[]): Row {
  const sources = published.map(({ subject }): Source => ({ kind: 'file', subject }));
  return {
    ...emptyRow,
    goal: 19,
    history: `open corpus, ${sources.length} files, the slowest`,
    work:
      sources.length === 0
        ? { kind: 'absent', reason: 'no corpus here; --corpus-folder says where it is' }
        : { kind: 'each', sources },
    must: { cpuMs: 5_000 },
    aim: { cpuMs: 1_000 },
  };
}

/** A row for each file, without goals. */
export function fileRows(published: readonly Published[], limit: Limit | null): readonly Row[] {
  return published.map(({ family, subject }) => ({
    ...emptyRow,
    history: `${family}/${basename(subject.file)}`,
    work: { kind: 'together', sources: [{ kind: 'file', subject }], passes: 1 },
    must: limit,
  }));
}

export const emptyRow = { goal: null, must: null, aim: null, baselineMs: null } as const;

function sourcesOf(published: readonly Published[], wanted: string): readonly Source[] {
  return published
    .filter(({ family }) => family === wanted)
    .map(({ subject }) => ({ kind: 'file', subject }));
}

function together(goal: number, history: string, sources: readonly Source[], passes = 1): Row {
  return {
    ...emptyRow,
    goal,
    history,
    work:
      sources.length === 0
        ? { kind: 'absent', reason: 'no logs here; --porcupine or --corpus-folder says where' }
        : { kind: 'together', sources, passes },
    baselineMs: sources.reduce((sum, each) => sum + (hardLogsMs[nameOf(each)] ?? easyLogMs), 0),
  };
}

function nameOf(source: Source): string {
  return source.kind === 'file' ? basename(source.subject.file) : '';
}
