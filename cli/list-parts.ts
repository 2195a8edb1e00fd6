import { formats } from '../checkers/formats/index.ts';
import { type CheckerEntry, checkers } from '../checkers/index.ts';
import { models } from '../checkers/models/index.ts';
import type { Bug } from '../core/bug.ts';
import type { SettingSpec, System } from '../core/system.ts';
import type { Workload } from '../core/workload.ts';
import { nemeses } from '../nemesis/index.ts';
import { reporters } from '../reports/index.ts';
import { systems } from '../systems/index.ts';
import { workloads } from '../workloads/index.ts';
import { checkerOptions, modelledCheckers } from './check-flags.ts';
import { lookUp } from './lookup.ts';
import { loadWorld, worldNames } from './worlds.ts';

interface Listed {
  readonly name: string;
  readonly summary: string;
  /** What else a person wants to know, a line each. */
  readonly more: readonly string[];
}

const kinds: Readonly<Record<string, () => Promise<readonly Listed[]> | readonly Listed[]>> = {
  systems: () => Object.values(systems).map(describeSystem),
  bugs: listBugs,
  workloads: () => Object.values(workloads).map(describeWorkload),
  faults: () =>
    Object.values(nemeses).map(({ name, summary, variants }) => ({
      name,
      summary,
      more: [`shapes: ${variants.map((variant) => `${name}:${variant}`).join(', ')}`],
    })),
  checkers: () => Object.values(checkers).map(describeChecker),
  models: () =>
    Object.values(models).map(({ name, summary, operations }) => ({
      name,
      summary,
      more: [`operations: ${operations.join(', ')}`],
    })),
  formats: () => Object.values(formats).map(({ name, summary }) => ({ name, summary, more: [] })),
  reports: () => Object.values(reporters).map(({ name, summary }) => ({ name, summary, more: [] })),
  worlds: listWorlds,
};

/** `dtest list`: one kind, or all. */
export async function listParts(
  kind: string | undefined,
): Promise<{ readonly text: string; readonly json: unknown }> {
  const wanted = kind === undefined ? kinds : { [kind]: lookUp('kind of part', kinds, kind) };
  const found: Record<string, readonly Listed[]> = {};
  for (const [name, list] of Object.entries(wanted)) found[name] = await list();
  const sections = Object.entries(found).map(([name, parts]) =>
    [name, ...parts.map(line)].join('\n'),
  );
  return { text: sections.join('\n\n'), json: found };
}

function line({ name, summary, more }: Listed): string {
  // A name that is too long for the column has a line of its own.
  const head =
    name.length > 18
      ? [`  ${name}`, `  ${' '.repeat(18)} ${summary}`]
      : [`  ${name.padEnd(18)} ${summary}`];
  return [...head, ...more.map((each) => `  ${' '.repeat(18)} ${each}`)].join('\n');
}

/** Every bug once, with all the systems in which it can be planted. */
function listBugs(): Listed[] {
  const bugs = new Map<string, Bug>();
  for (const { bugs: own = [] } of Object.values(systems)) {
    for (const bug of own) bugs.set(bug.name, bug);
  }
  return [...bugs.values()].map(({ name, summary, source, anomaly }) => {
    const hosts = Object.values(systems).filter(({ bugs: own = [] }) =>
      own.some((bug) => bug.name === name),
    );
    const more = [`shows as: ${anomaly}`, `source: ${source}`];
    return {
      name,
      summary,
      more: [`systems: ${hosts.map((host) => host.name).join(', ')}`, ...more],
    };
  });
}

function describeSystem(system: System): Listed {
  const { name, summary, operations, settings, bugs = [] } = system;
  const fitting = Object.values(workloads).filter((workload) => fits(system, workload));
  return {
    name,
    summary,
    more: [
      `operations: ${operations.join(', ')}`,
      `workloads: ${fitting.map((workload) => workload.name).join(', ') || 'none yet'}`,
      ...(bugs.length === 0 ? [] : [`--bug NAME: one of ${bugs.length} (dtest list bugs)`]),
      ...settings
        .filter(isNotBug)
        .map(
          ({ name: setting, values, default: byDefault, summary: about }) =>
            `--set ${setting}=${values.join('|') || 'N'} (${byDefault}): ${about}`,
        ),
    ],
  };
}

/** It has a flag and a list of its own. */
function isNotBug({ name }: SettingSpec): boolean {
  return name !== 'bug';
}

/** With the flags of `dtest check` that it takes. */
function describeChecker({ name, summary }: CheckerEntry): Listed {
  const flags = Object.entries(checkerOptions)
    .filter(([, option]) => option.checkers.includes(name))
    .map(([flag]) => `--${flag}`);
  const modelled = modelledCheckers.has(name) ? ['--model'] : [];
  const all = [...modelled, ...flags];
  return { name, summary, more: all.length === 0 ? [] : [`options: ${all.join(', ')}`] };
}

function describeWorkload(workload: Workload): Listed {
  const fitting = Object.values(systems).filter((system) => fits(system, workload));
  return {
    name: workload.name,
    summary: workload.summary,
    more: [
      `operations: ${workload.operations.join(', ')}`,
      `systems: ${fitting.map((system) => system.name).join(', ') || 'none yet'}`,
    ],
  };
}

function fits(system: System, workload: Workload): boolean {
  return workload.operations.every((op) => system.operations.includes(op));
}

async function listWorlds(): Promise<Listed[]> {
  return Promise.all(
    worldNames.map(async (name) => {
      const reason = await (await loadWorld(name)).unavailable();
      return { name, summary: reason === null ? 'works here' : `not here: ${reason}`, more: [] };
    }),
  );
}
