import { join, relative } from 'node:path';
import type { Run } from '../../core/run.ts';
import type { Validity, Verdict } from '../../core/verdict.ts';
import type { CampaignSummary } from '../../reports/campaign/campaign-summary.ts';
import type { Comparison } from '../../reports/comparison/comparison.ts';
import { gateSigns } from '../../reports/comparison/words.ts';
import { measuredFigure } from '../../reports/figures.ts';
import { historyFile } from '../../store/run-folder.ts';
import type { Notice } from './github.ts';
import { violationLine } from './violation-line.ts';

const levels = { invalid: 'error', unknown: 'warning', valid: 'notice' } as const;

/** What a run has to say to a build server: nothing when all is well. */
export function runNotices(run: Run): readonly Notice[] {
  const { plan, path, command, results } = run;
  const title = `${plan.workload} on ${plan.system}`;
  const again = `\n${command}`;
  return [
    ...verdictNotices(results, title, join(path, historyFile)).map((notice) => ({
      ...notice,
      message: `${notice.message}${again}`,
    })),
    ...results.thresholds
      .filter(({ met }) => !met)
      .map((each): Notice => ({
        level: 'error',
        title: `${title}: ${each.text} missed`,
        message: `measured ${measuredFigure(each)}${again}`,
      })),
  ];
}

interface Judged {
  readonly valid: Validity;
  readonly reason: string;
  readonly verdict: Verdict;
}

function verdictNotices({ valid, reason, verdict }: Judged, title: string, path: string): Notice[] {
  if (valid === 'valid') return [];
  const line = valid === 'invalid' ? violationLine(path, verdict) : null;
  const where = line === null ? {} : { file: relative(process.cwd(), path), line };
  return [{ level: levels[valid], title: `${title}: ${valid}`, message: reason, ...where }];
}

/** Of every file that is not valid, at the line of the violation where it is known. */
export function checkNotices(
  judged: readonly { readonly file: string; readonly verdict: Verdict }[],
  unreadable: readonly { readonly file: string; readonly error: string }[],
): readonly Notice[] {
  return [
    ...judged
      .filter(({ verdict }) => verdict.valid !== 'valid')
      .map(({ file, verdict }): Notice => {
        const line = verdict.valid === 'invalid' ? violationLine(file, verdict) : null;
        return {
          ...{ level: levels[verdict.valid], title: `dtest check: ${verdict.valid}` },
          ...{ message: verdict.summary, file },
          ...(line === null ? {} : { line }),
        };
      }),
    ...unreadable.map(({ file, error }): Notice => ({
      ...{ level: 'error', title: 'dtest check: unreadable', message: error, file },
    })),
  ];
}

export function campaignNotices(summary: CampaignSummary): readonly Notice[] {
  const { valid, reason, failures, problems } = summary;
  const whole: Notice[] =
    valid === 'unknown'
      ? [{ level: 'warning', title: 'dtest campaign: unknown', message: reason }]
      : [];
  return [
    ...whole,
    ...failures.map(({ kind, count, examples: [smallest] }): Notice => {
      const again = smallest === undefined ? '' : `\n${smallest.reason}\n${smallest.command}`;
      return { level: 'error', title: kind, message: `${count} runs${again}` };
    }),
    ...problems.map((message): Notice => ({ level: 'warning', title: 'dtest campaign', message })),
  ];
}

export function comparisonNotices({ gates, things, exitCode }: Comparison): readonly Notice[] {
  const [, ...candidates] = things;
  const wrong = exitCode === 1 ? candidates.filter(({ valid }) => valid === 'invalid') : [];
  return [
    ...wrong.map(({ label }): Notice => ({
      ...{ level: 'error', title: `${label}: invalid` },
      message: 'it answered wrongly, so its figures are no gain',
    })),
    ...gates
      .filter(({ outcome }) => outcome === 'missed' || outcome === 'nothing to judge')
      .map(({ text, outcome, reasons }): Notice => ({
        level: 'error',
        title: `${text}: ${gateSigns[outcome]}`,
        message: reasons.join('\n'),
      })),
  ];
}
