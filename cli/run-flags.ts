import { Flags } from '@oclif/core';

/** The flags of `dtest run`, which other commands that start runs share. */
export const runFlags = {
  system: Flags.string({
    char: 's',
    default: 'raft',
    description: 'System under test; `dtest list systems` names them.',
  }),
  bug: Flags.string({
    description:
      'A known mistake to plant in the system, to see whether dtest finds it; `dtest list bugs` names them.',
  }),
  world: Flags.string({
    char: 'w',
    default: 'auto',
    description:
      'Where the cluster runs: docker, local, sim (in memory, on virtual time), or auto (docker where an engine answers).',
  }),
  nodes: Flags.integer({
    char: 'n',
    min: 1,
    max: 49,
    description: 'Nodes; 5 unless told otherwise.',
  }),
  concurrency: Flags.integer({
    char: 'c',
    default: 10,
    min: 1,
    max: 10_000,
    description: 'Clients, each with one operation at a time.',
  }),
  rate: Flags.integer({
    default: 0,
    min: 0,
    description: 'Operations a second, due whoever is busy (open loop); 0 is a closed loop.',
  }),
  time: Flags.string({
    char: 't',
    default: '30s',
    description: 'How long clients work and faults strike, such as 30s or 2m.',
  }),
  ops: Flags.integer({
    default: 0,
    min: 0,
    description: 'Ends the run after so many operations; 0 is no limit.',
  }),
  keys: Flags.integer({
    default: 5,
    min: 1,
    max: 10_000,
    description: 'Independent objects in use at one time.',
  }),
  'ops-per-key': Flags.integer({
    default: 200,
    min: 1,
    description: 'Operations on a key before a fresh one takes its place.',
  }),
  'read-ratio': Flags.string({
    default: '0.5',
    description: 'Share of reads, 0 to 1.',
  }),
  timeout: Flags.string({
    description:
      'After so long without an answer an operation is over, its outcome unknown; 2s unless told otherwise.',
  }),
  nemesis: Flags.string({
    default: 'partition,kill',
    description:
      'Faults, comma separated: partition, kill, pause, or one shape of them as in kill:leader; all; none.',
  }),
  'nemesis-interval': Flags.string({
    description:
      'Mean time from the start of one fault to the start of the next; 5s unless told otherwise, and in the mode liveness long enough to tell whether operations go on.',
  }),
  mode: Flags.string({
    options: ['safety', 'liveness'],
    description:
      'In --world sim: whether anything may happen and nothing wrong may come of it (safety, unless told otherwise), or a majority is left alone and has to go on working (liveness).',
  }),
  swarm: Flags.string({
    options: ['on', 'off'],
    description:
      'Lets the seed draw what was not given: nodes, timeouts, settings, and, of --nemesis all, some faults; off unless told otherwise.',
  }),
  reads: Flags.string({
    options: ['index', 'lease', 'local'],
    description: 'How the bundled stores serve reads; local is fast and not linearizable.',
  }),
  forward: Flags.string({
    options: ['on', 'off'],
    description: 'Whether a follower forwards requests to the leader, or refuses them.',
  }),
  set: Flags.string({
    multiple: true,
    description: 'A setting of the system, as name=value; see `dtest list systems`.',
  }),
  seed: Flags.integer({
    min: 0,
    description: 'Decides operations and faults; drawn and printed when not given.',
  }),
  threshold: Flags.string({
    multiple: true,
    description: "A demand on the figures, such as 'p99<50ms', 'throughput>500' or 'errors<1%'.",
  }),
  'fail-fast': Flags.boolean({
    default: false,
    description: 'Judges while the run goes on, and ends it at the first violation.',
  }),
  verify: Flags.boolean({
    default: false,
    description:
      'In sim: runs the seed twice more and compares every event, draw and byte; names the first that differs.',
  }),
  store: Flags.string({ default: 'store', description: 'Folder that holds the runs.' }),
  junit: Flags.string({ description: 'Also writes a JUnit report to this file.' }),
  markdown: Flags.string({ description: 'Also writes the summary as Markdown to this file.' }),
  keep: Flags.boolean({
    default: false,
    description: 'Leaves the cluster up at the end; `dtest clean` removes it.',
  }),
  quiet: Flags.boolean({ char: 'q', default: false, description: 'No progress, only the result.' }),
};

/** What oclif makes of the flags. */
export interface RunFlagValues {
  readonly system: string;
  readonly bug?: string | undefined;
  readonly world: string;
  readonly nodes: number | undefined;
  readonly concurrency: number;
  readonly rate: number;
  readonly time: string;
  readonly ops: number;
  readonly keys: number;
  readonly 'ops-per-key': number;
  readonly 'read-ratio': string;
  readonly timeout: string | undefined;
  readonly nemesis: string;
  readonly 'nemesis-interval': string | undefined;
  readonly mode?: string | undefined;
  readonly swarm?: string | undefined;
  readonly reads: string | undefined;
  readonly forward: string | undefined;
  readonly set: readonly string[] | undefined;
  readonly seed: number | undefined;
  readonly threshold: readonly string[] | undefined;
  readonly 'fail-fast': boolean;
  readonly verify: boolean;
  readonly store: string;
  readonly junit: string | undefined;
  readonly markdown?: string | undefined;
  readonly keep: boolean;
  readonly quiet: boolean;
}

/** What the flags are when nobody gives any. */
export const defaultFlags = Object.fromEntries(
  Object.entries(runFlags).map(([name, flag]) => [name, flag.default]),
) as unknown as RunFlagValues;
