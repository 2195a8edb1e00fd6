import type { BenchCell, BenchRound, FaultCost, OperationCosts } from '../../core/bench.ts';
import type { FaultEvent } from '../../core/event.ts';
import type { Fault } from '../../core/nemesis.ts';
import { healthOf } from '../../load/figures/generator-health.ts';
import { type Latencies } from '../../load/figures/latencies.ts';
import { measuredIn } from '../../load/figures/measured.ts';
import { successesAfter, windowsOf } from '../../load/figures/windows.ts';
import type { Generated } from '../../load/generator.ts';
import { type RoundVerdict, judgeColumns } from '../../load/judge/judge-columns.ts';
import { type Struck, faultCostOf } from '../../runner/bench/fault-cost.ts';
import { warmUpMsOf } from '../../runner/bench/warm-up.ts';

/** What a round left behind; times are nanoseconds of its clock. */
export interface RoundRecord {
  readonly generated: Generated;
  readonly costs: OperationCosts | null;
  readonly events: readonly FaultEvent[];
  /** When clients began. */
  readonly fromNs: number;
  readonly roundMs: number;
}

export interface RoundOfOptions extends RoundRecord {
  readonly cell: BenchCell;
  readonly round: number;
  readonly startedAt: string;
  /** Whether the journal was on. */
  readonly judged: boolean;
  readonly signal: AbortSignal;
}

const windowMs = 100;

/** From what was recorded of a round to its figures and its verdict. */
export async function roundOf(options: RoundOfOptions): Promise<BenchRound> {
  const { generated, fromNs, roundMs, cell, costs } = options;
  const { columns, threads } = generated;
  const count = Math.floor(roundMs / windowMs);
  const windows = windowsOf(columns, { fromNs, windowMs, count });
  const struck = struckIn(options);
  const untilMs = struck[0]?.beginMs ?? roundMs;
  const warmUpMs = warmUpMsOf(windows, { windowMs, untilMs });
  const measuredMs = count * windowMs - warmUpMs;
  const measuredFromNs = fromNs + warmUpMs * 1e6;
  const measured = measuredIn(columns, measuredFromNs, measuredFromNs + measuredMs * 1e6);
  const faults = struck.map((each): FaultCost => {
    const successesMs = successesAfter(columns, fromNs, each.beginMs);
    return faultCostOf(each, { windows, windowMs, warmUpMs, successesMs, roundMs });
  });
  return {
    ...{ cell: cell.id, round: options.round, startedAt: options.startedAt },
    ...{ warmUpMs, measuredMs, counts: measured.counts },
    unissued: threads.reduce((sum, { unissued }) => sum + unissued, 0),
    latencies: encoded(measured.latencies),
    ...{ windows, windowMs },
    generator: healthOf(threads, {
      operations: columns.count - cell.keys.count,
      p50Ms: measured.all.percentileMs(50),
      isOpen: cell.load.kind === 'open',
    }),
    ...{ costs, faults },
    verdict: await verdictOn(options, measured.counts.ok, measured.commonestError),
  };
}

function encoded(all: Readonly<Record<string, Latencies>>): Record<string, string> {
  return Object.fromEntries(Object.entries(all).map(([name, each]) => [name, each.encoded()]));
}

async function verdictOn(
  { judged, generated, signal }: RoundOfOptions,
  ok: number,
  commonestError: string | null,
): Promise<RoundVerdict> {
  if (ok === 0) {
    const why = commonestError === null ? '' : `: ${commonestError}`;
    return { valid: 'unknown', reason: `no operation succeeded while it was measured${why}` };
  }
  if (!judged) return { valid: 'unknown', reason: 'not judged: --journal off' };
  return judgeColumns(generated.columns, signal);
}

/** Faults that were in force, with the moments between which they were. */
function struckIn({ events, fromNs, roundMs }: RoundRecord): Struck[] {
  const atMs = ({ timeNs }: FaultEvent): number => Math.round((timeNs - fromNs) / 1e6);
  return events.flatMap((event): Struck[] => {
    if (event.phase === 'failed') {
      const { why = '' } = event.value as { readonly why?: string };
      throw new Error(`the fault "${event.fault}" could not be put in force: ${why}`);
    }
    if (event.phase !== 'begin') return [];
    const { summary, targets, variant } = event.value as unknown as Fault;
    const end = events.find((each) => each.faultId === event.faultId && each.phase === 'end');
    return [
      {
        ...{ kind: `${event.fault}:${variant}`, summary, targets },
        beginMs: atMs(event),
        endMs: end === undefined ? roundMs : atMs(end),
      },
    ];
  });
}
