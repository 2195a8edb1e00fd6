import type { Plan, PlannedOperation } from '../../core/run.ts';
import type { Settings } from '../../core/system.ts';
import { conditionsPass } from './conditions-pass.ts';
import { ddmin } from './ddmin.ts';
import type { Pass, Search } from './search.ts';
import { durationsPass, gapsPass } from './time-passes.ts';

export interface PassesOptions {
  /** The system's own settings, to which those of the plan are put back. */
  readonly settings: Settings;
  /** Surroundings in which nothing goes wrong by itself. */
  readonly calm: NonNullable<Plan['conditions']>;
}

/** All that can be made smaller in a plan whose operations are laid down: large cuts before small. */
export function planPasses({ settings, calm }: PassesOptions): readonly Pass<Plan>[] {
  return [
    { name: 'the end', run: endEarlier },
    listPass('faults', ({ faults }) => faults, withFaults),
    listPass('clients', workersIn, withWorkers),
    listPass('keys', keysIn, withKeys),
    conditionsPass(calm),
    { name: 'operations', run: fewerOperations },
    { name: 'nodes', run: fewerNodes },
    { name: 'clients', run: renumberWorkers },
    { name: 'settings', run: (search) => plainSettings(search, settings) },
    gapsPass,
    durationsPass,
  ];
}

/** A part of the plan that is a list of things, each of which may go. */
function listPass<Item>(
  name: string,
  itemsIn: (plan: Plan) => readonly Item[],
  withItems: (plan: Plan, items: readonly Item[]) => Plan,
): Pass<Plan> {
  return {
    name,
    async run(search) {
      const items = itemsIn(search.best());
      await ddmin(items, (left) => search.attempt(withItems(search.best(), left)));
    },
  };
}

export function operationsIn({ operations = [] }: Plan): readonly PlannedOperation[] {
  return operations;
}

/** The plan with these operations alone, over as soon as the last of them has had its time. */
export function withOperations(plan: Plan, operations: readonly PlannedOperation[]): Plan {
  const lastMs = Math.ceil(Math.max(0, ...operations.map(({ atNs }) => atNs)) / 1e6);
  const keys = Math.max(1, Math.min(plan.keys, new Set(operations.map(({ key }) => key)).size));
  const timeMs = Math.min(plan.timeMs, lastMs + plan.timeoutMs);
  const faults = plan.faults.filter(({ atMs }) => atMs < timeMs);
  return withFaults({ ...plan, operations, keys, timeMs }, faults);
}

export function withFaults(plan: Plan, faults: Plan['faults']): Plan {
  const kinds = new Set(faults.map(({ kind }) => kind));
  const nemesis = plan.nemesis.filter((name) => kinds.has(name.split(':')[0] ?? name));
  return { ...plan, faults, nemesis };
}

/** Halves the run, then the half that is too much, and so on: the shortest prefix, more or less. */
async function endEarlier(search: Search<Plan>): Promise<void> {
  const operations = operationsIn(search.best()).toSorted((a, b) => a.atNs - b.atNs);
  let low = 0;
  for (let high = operations.length; low < high;) {
    const middle = Math.floor((low + high) / 2);
    const prefix = withOperations(search.best(), operations.slice(0, middle));
    if (await search.attempt(prefix)) high = middle;
    else low = middle + 1;
  }
}

async function fewerOperations(search: Search<Plan>): Promise<void> {
  await ddmin(operationsIn(search.best()), (left) =>
    search.attempt(withOperations(search.best(), left)),
  );
}

function workersIn(plan: Plan): readonly number[] {
  return [...new Set(operationsIn(plan).map(({ worker }) => worker))];
}

function withWorkers(plan: Plan, workers: readonly number[]): Plan {
  const kept = operationsIn(plan).filter(({ worker }) => workers.includes(worker));
  return withOperations(plan, kept);
}

function keysIn(plan: Plan): readonly unknown[] {
  return [...new Set(operationsIn(plan).map(({ key }) => key))];
}

function withKeys(plan: Plan, keys: readonly unknown[]): Plan {
  return withOperations(
    plan,
    operationsIn(plan).filter(({ key }) => keys.includes(key)),
  );
}

/** Every client reads at the end, those too that had nothing else to do. */
async function renumberWorkers(search: Search<Plan>): Promise<void> {
  const plan = search.best();
  const used = workersIn(plan).toSorted((a, b) => a - b);
  const most = Math.max(1, used.length);
  const renumbered = operationsIn(plan).map((each) => ({
    ...each,
    worker: used.indexOf(each.worker),
  }));
  if (most < plan.concurrency) {
    const fewer = { ...plan, concurrency: most, operations: renumbered };
    if (await search.attempt(fewer)) return;
  }
  const last = Math.max(0, ...used) + 1;
  if (last < plan.concurrency) await search.attempt({ ...plan, concurrency: last });
}

/** Fewer than three nodes cannot spare one. */
const leastWithFaults = 3;

async function fewerNodes(search: Search<Plan>): Promise<void> {
  const { nodes, faults } = search.best();
  for (let fewer = faults.length > 0 ? leastWithFaults : 1; fewer < nodes; fewer++) {
    if (await search.attempt(withNodes(search.best(), fewer))) return;
  }
}

/** Faults choose anew: the nodes that they hit may be gone, or be more than the rest can spare. */
function withNodes(plan: Plan, nodes: number): Plan {
  return { ...plan, nodes, faults: plan.faults.map(({ fault: _, ...planned }) => planned) };
}

async function plainSettings(search: Search<Plan>, plain: Settings): Promise<void> {
  for (const [name, value] of Object.entries(plain)) {
    const { settings } = search.best();
    if (settings[name] === value) continue;
    await search.attempt({ ...search.best(), settings: { ...settings, [name]: value } });
  }
}
