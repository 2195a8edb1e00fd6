import type { Checker } from '../../core/checker.ts';
import type { History } from '../../core/history.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Verdict } from '../../core/verdict.ts';
import { attempt } from '../attempt.ts';
import { mostExamples, withoutJudgement } from '../findings.ts';
import { wordsOf } from '../models/value.ts';
import { type Work, withinLimits } from '../work.ts';
import { cycleStepsDefault } from './cycle-search.ts';
import { stintFor } from './dependency-graph.ts';
import { type Telling, cycleEvidence, transactionWords } from './evidence.ts';
import { type Anomalies, createAnomalies, transactionVerdict } from './judgement.ts';
import { lastWrites } from './last-writes.ts';
import { type Level, levelNamed, levels, ruledOut } from './levels.ts';
import { forEachUpdate } from './register-access.ts';
import { versionSources } from './register-order.ts';
import { type FaultyRead, readsApart } from './register-reads.ts';
import { faultWords, keyWords } from './register-words.ts';
import { type Registers, initial, nobody, readRegisters } from './registers.ts';
import {
  type FoundCycles,
  type KnownVersions,
  findCycles,
  isCyclic,
  widestGraph,
} from './rw-cycles.ts';
import { type Proof, isBasic, prove } from './rw-proof.ts';
import { registerTelling } from './rw-words.ts';
import { micro } from './transaction.ts';
import { judgeVanishedRegisters } from './vanished.ts';
import { type VersionReason, createVersionEdges, versionReasons } from './version-edges.ts';
import type { Accesses } from './weak-order.ts';

/** What may be assumed of a store beyond what follows; the names are Elle's. */
export const assumptions = {
  /** Each key is linearizable by itself: its versions follow each other in real time. */
  'linearizable-keys': 'realtime',
  /** Each key is sequentially consistent by itself: processes meet its versions in their order. */
  'sequential-keys': 'process',
  /** A transaction that reads a key and writes it replaces what it read. Always taken to be so. */
  'wfr-keys': 'update',
} as const satisfies Readonly<Record<string, VersionReason>>;

export interface RwRegisterOptions {
  /** The level that the system promises, `strict-serializable` by default; one of `levels`. */
  readonly consistency?: string;
  /** What registers read as before the first write, null by default. */
  readonly init?: Json;
  /** Names of `assumptions`; none by default. */
  readonly assume?: readonly string[];
}

const levelDefault: Level = 'strict-serializable';

/**
 * Transactions on registers: `txn` of `["r", key, value]` and `["w", key, value]`, each value written once
 * to a key. A read names its write; in which order a key's values were written has to be inferred. From
 * that follow dependencies and the anomalies of Adya, after Elle (Kingsbury & Alvaro, VLDB 2020, section
 * 5). Where they show none, an order of all transactions is looked for that explains every read: `valid`
 * means that there is one.
 */
export function rwRegister(options: RwRegisterOptions = {}): Checker {
  const { consistency = levelDefault, init = null, assume = [] } = options;
  const level = levelNamed(consistency);
  const assumed = assume.map(assumptionNamed);
  return {
    name: 'rw-register',
    summary: `some order of the transactions explains every read of the registers as ${level}`,
    check(history, context = {}) {
      const { maxSteps: steps = cycleStepsDefault } = context;
      const work = judge(history, { level, init, assumed, steps });
      return withinLimits('rw-register', context, work);
    },
  };
}

function assumptionNamed(name: string): VersionReason {
  const found = Object.entries(assumptions).find(([each]) => each === name);
  if (found !== undefined) return found[1];
  const names = Object.keys(assumptions).join(', ');
  throw new Error(`expected an assumption, one of ${names}, got "${name}"`);
}

interface Goal {
  readonly level: Level;
  readonly init: Json;
  readonly assumed: readonly VersionReason[];
  readonly steps: number;
}

function* judge(history: History, { level, init, assumed, steps }: Goal): Work<Verdict> {
  const registers = yield* readRegisters(history, init);
  if (registers.problem !== null) return withoutJudgement('rw-register', registers.problem);
  const { external, faulty } = readsApart(registers);
  const accesses = { registers, reads: external, writes: lastWrites(registers) };
  const anomalies = createAnomalies();
  addFaults(registers, faulty, anomalies);
  addLostUpdates(accesses, anomalies);
  judgeVanishedRegisters(accesses, anomalies);
  yield { steps: 20 * registers.transactions.microKind.length };
  const quick = knownVersions(accesses, assumed, quickReasons);
  const widest = widestGraph(accesses, quick);
  yield stintFor(widest);
  let found = isCyclic(widest)
    ? yield* findCycles(accesses, knownVersions(accesses, assumed), { steps })
    : noCycles(quick);
  const open = levelsLeft(anomalies, found);
  let proof: Proof = { kind: 'open', how: 'reads contradict each other in one transaction' };
  if (open.has(level) && (faulty.length === 0 || isBasic(level))) {
    proof = yield* prove(accesses, found.known, { level, open, steps });
    // Causality may show what is wrong where the search could not say it, but it costs more to follow.
    if (proof.kind !== 'proven' && found.known === quick) {
      found = yield* findCycles(accesses, knownVersions(accesses, assumed), { steps });
    }
  }
  const hasReads = registers.transactions.microKind.includes(micro.read);
  const reserved = hasReads ? [] : ['no transaction that read anything is known to have committed'];
  const telling = registerTelling(accesses, found.known.edges);
  const verdict = transactionVerdict({
    checker: 'rw-register',
    consistency: level,
    transactions: registers.transactions,
    anomalies,
    cycles: found.findings,
    telling,
    reservations: proof.kind === 'open' ? [...reserved, proof.how] : reserved,
    details: { keys: registers.transactions.keys.length, proof: { ...proof } },
  });
  return withProof(withInferred(verdict, registers, { found, telling }), level, proof);
}

const noCycles = (known: KnownVersions): FoundCycles => ({
  findings: { found: new Map(), shown: new Map(), undecided: new Set() },
  inferred: [],
  known,
});

function levelsLeft(anomalies: Anomalies, { findings }: FoundCycles): ReadonlySet<Level> {
  const out = ruledOut([
    ...anomalies.found().keys(),
    ...findings.found.keys(),
    ...findings.shown.keys(),
  ]);
  return new Set(levels.filter((level) => !out.has(level)));
}

/** What costs little to infer. */
const quickReasons: readonly VersionReason[] = ['update', 'seen', 'process', 'realtime'];

function knownVersions(
  accesses: Accesses,
  assumed: readonly VersionReason[],
  reasons: readonly VersionReason[] = versionReasons,
): KnownVersions {
  const edges = createVersionEdges();
  for (const reason of reasons) versionSources[reason](accesses, edges);
  return { edges: edges.build(), certain: new Set<VersionReason>(['update', ...assumed]) };
}

function addFaults(
  registers: Registers,
  faulty: readonly FaultyRead[],
  anomalies: Anomalies,
): void {
  for (const each of faulty) {
    const anomaly = each.fault === 'unrepeatable' ? 'internal' : each.fault;
    const writer = registers.writer[each.version] ?? nobody;
    const members = [writer, each.transaction].filter((at) => at !== nobody);
    anomalies.add(anomaly, [...new Set(members)], () => faultWords(registers, each));
  }
}

/** Of two transactions that replaced the same version, one did not see what the other wrote. */
function addLostUpdates(accesses: Accesses, anomalies: Anomalies): void {
  const { registers } = accesses;
  const { transactions, valueOf } = registers;
  const replacedBy = new Int32Array(registers.writer.length).fill(nobody);
  const firstOf = new Int32Array(transactions.keys.length).fill(nobody);
  forEachUpdate(accesses, (at, key, { before }) => {
    const [row, place] = before === initial ? [firstOf, key] : [replacedBy, before];
    const other = row[place] ?? nobody;
    row[place] = at;
    if (other === nobody) return;
    const [one, two] = [other, at].map((each) => transactionWords(transactions, each));
    anomalies.add(
      'lost-update',
      [other, at],
      () =>
        `${one} and ${two} both read ${keyWords(registers, key)} as ${wordsOf(valueOf(before))} and replaced it`,
    );
  });
}

/** Draws, too, the cycles that go under the name of less than their edges show. */
function withInferred(
  verdict: Verdict,
  { transactions }: Registers,
  { found, telling }: { readonly found: FoundCycles; readonly telling: Telling },
): Verdict {
  const drawn = (verdict.details?.cycles ?? []) as readonly JsonObject[];
  const more = found.inferred.slice(0, mostExamples - drawn.length).flatMap((each) =>
    attempt(
      () => [cycleEvidence(transactions, telling, each) as unknown as JsonObject],
      () => [],
    ),
  );
  return { ...verdict, details: { ...verdict.details, cycles: [...drawn, ...more] } };
}

/** A valid verdict says what proves it; and where no order was left, that convicts like a cycle. */
function withProof(verdict: Verdict, level: Level, proof: Proof): Verdict {
  if (verdict.valid !== 'valid') return verdict;
  if (proof.kind === 'proven') return { ...verdict, summary: `${verdict.summary}, ${proof.how}` };
  return { ...verdict, valid: 'invalid', summary: `not ${level}: ${proof.how}` };
}
