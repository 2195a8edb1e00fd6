import type { Checker } from '../core/checker.ts';
import type { Json } from '../core/json.ts';
import { type BankOptions, bank } from './bank.ts';
import type { Algorithm, FailedCas } from './linearizability/index.ts';
import { linearizable } from './linearizability/index.ts';
import { type ConvergenceOptions, convergence } from './convergence.ts';
import { counterBounds } from './counter-bounds.ts';
import { type LockOptions, lock } from './lock.ts';
import { type LogPatternsOptions, logPatterns } from './log-patterns.ts';
import { createModel } from './models/index.ts';
import type { ModelEntry } from './models/model.ts';
import { numberOf } from './models/value.ts';
import { guarantees } from './sessions/guarantees.ts';
import { sessions } from './sessions.ts';
import { type MonotonicOptions, monotonic } from './monotonic.ts';
import { sequential } from './sequential.ts';
import { type SetFullOptions, setFull } from './set-full.ts';
import { stats } from './stats.ts';
import { type IsolationOptions, isolation } from './transactions/isolation.ts';
import { type ListAppendOptions, listAppend } from './transactions/list-append.ts';
import { longFork } from './transactions/long-fork.ts';
import { type RwRegisterOptions, rwRegister } from './transactions/rw-register.ts';
import { type QueueOptions, totalQueue } from './total-queue.ts';
import { uniqueIds } from './unique-ids.ts';
import { unorderedQueue } from './unordered-queue.ts';

/** What a checker may be told; each takes what concerns it. */
export interface CheckerOptions
  extends
    BankOptions,
    SetFullOptions,
    QueueOptions,
    MonotonicOptions,
    LockOptions,
    LogPatternsOptions,
    ConvergenceOptions,
    ListAppendOptions,
    IsolationOptions,
    RwRegisterOptions {
  /** The model or its name, for `linearizable` and `sequential`; `cas-register` by default. */
  readonly model?: string | ModelEntry;
  /** The initial value of the model, or of the counter. */
  readonly init?: Json;
  readonly failedCas?: FailedCas;
  readonly algorithm?: Algorithm;
}

/** A checker as it stands in the index. */
export interface CheckerEntry {
  readonly name: string;
  /** One sentence: what a `valid` promises. */
  readonly summary: string;
  readonly create: (options?: CheckerOptions) => Checker;
}

const entries: readonly CheckerEntry[] = [
  {
    name: 'linearizable',
    summary: 'every operation took effect at one moment between its call and its return',
    create: ({ model = 'cas-register', init, ...options } = {}) =>
      linearizable(createModel(model, init === undefined ? {} : { init }), options),
  },
  {
    name: 'sequential',
    summary: 'all operations fit into one order that keeps the order of every process',
    create: ({ model = 'cas-register', init, ...options } = {}) =>
      sequential(createModel(model, init === undefined ? {} : { init }), options),
  },
  { name: stats.name, summary: stats.summary, create: () => stats },
  { name: uniqueIds.name, summary: uniqueIds.summary, create: () => uniqueIds },
  { name: 'bank', summary: bank().summary, create: (options) => bank(options) },
  {
    name: 'counter-bounds',
    summary: counterBounds().summary,
    create: ({ init } = {}) =>
      counterBounds(init === undefined ? {} : { init: numberOf(init, 'the initial value') }),
  },
  { name: 'set-full', summary: setFull().summary, create: (options) => setFull(options) },
  { name: 'total-queue', summary: totalQueue().summary, create: (options) => totalQueue(options) },
  {
    name: 'unordered-queue',
    summary: unorderedQueue().summary,
    create: (options) => unorderedQueue(options),
  },
  {
    name: 'sessions',
    summary: sessions().summary,
    create: ({ init } = {}) => sessions(init === undefined ? {} : { init }),
  },
  ...guarantees.map((guarantee): CheckerEntry => ({
    name: guarantee,
    summary: sessions({ guarantees: [guarantee] }).summary,
    create: ({ init } = {}) =>
      sessions({ guarantees: [guarantee], ...(init === undefined ? {} : { init }) }),
  })),
  { name: 'list-append', summary: listAppend().summary, create: (options) => listAppend(options) },
  { name: 'monotonic', summary: monotonic().summary, create: (options) => monotonic(options) },
  { name: 'lock', summary: lock().summary, create: (options) => lock(options) },
  {
    name: 'convergence',
    summary: convergence().summary,
    create: (options) => convergence(options),
  },
  {
    name: 'log-patterns',
    summary: logPatterns().summary,
    create: (options) => logPatterns(options),
  },
  {
    name: 'rw-register',
    summary: rwRegister().summary,
    create: (options) => rwRegister(options),
  },
  { name: longFork.name, summary: longFork.summary, create: () => longFork },
  { name: 'isolation', summary: isolation().summary, create: (options) => isolation(options) },
];

/** Every checker by name. */
export const checkers: Readonly<Record<string, CheckerEntry>> = Object.fromEntries(
  entries.map((entry) => [entry.name, entry]),
);
