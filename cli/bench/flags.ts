import { Flags } from '@oclif/core';

/** The flags of `dtest bench` that decide what is measured. */
export const benchPlanFlags = {
  system: Flags.string({
    char: 's',
    description: 'Systems to measure, comma separated, besides those that stand as words.',
  }),
  world: Flags.string({
    char: 'w',
    default: 'auto',
    description: 'Where the clusters run: docker, local, or auto (docker where an engine answers).',
  }),
  nodes: Flags.string({
    char: 'n',
    description: 'Nodes, comma separated; 3 unless told otherwise.',
  }),
  concurrency: Flags.string({
    char: 'c',
    description:
      'Clients, each with one operation at a time, comma separated; 1,16,64 unless told otherwise, and 256 with --rate or --slo.',
  }),
  rate: Flags.string({
    description:
      'Operations a second, due whoever is busy (open loop), comma separated; without it, clients send their next operation when the last is answered (closed loop).',
  }),
  arrivals: Flags.string({
    options: ['poisson', 'constant'],
    default: 'poisson',
    description: 'When the operations of an open loop are due.',
  }),
  slo: Flags.string({
    multiple: true,
    description:
      "Searches for the highest rate that meets an objective, such as 'p99<20ms'; --rate says where to begin.",
  }),
  'read-ratio': Flags.string({ description: 'Shares of reads, 0 to 1, comma separated; 0.5.' }),
  workload: Flags.string({
    description: 'YCSB workloads instead of a ratio: ycsb-a to ycsb-f, comma separated.',
    exclusive: ['read-ratio'],
  }),
  'value-size': Flags.string({
    default: '16',
    description: 'Bytes of a value, 12 or more, comma separated.',
  }),
  keys: Flags.integer({
    default: 1000,
    min: 1,
    max: 1_000_000,
    description: 'Keys that are there before a round begins.',
  }),
  distribution: Flags.string({
    options: ['uniform', 'zipf', 'hotspot', 'latest', 'exponential'],
    description: "How often which key is used; uniform, or the workload's own.",
  }),
  time: Flags.string({
    char: 't',
    default: '10s',
    description: 'How long a round is measured; its warm-up comes on top.',
  }),
  rounds: Flags.integer({
    char: 'r',
    default: 5,
    min: 1,
    max: 1000,
    description: 'Rounds of everything; the more, the smaller a difference that shows.',
  }),
  nemesis: Flags.string({
    default: 'none',
    description:
      'What strikes in the middle of a round, such as kill:leader; several, each in rounds of its own: none,kill:leader,partition:isolate-leader.',
  }),
  set: Flags.string({
    multiple: true,
    description:
      'A setting, as name=value of all systems that have it, or system.name=value of one.',
  }),
  timeout: Flags.string({
    default: '2s',
    description: 'After so long without an answer an operation is over.',
  }),
  seed: Flags.integer({
    min: 0,
    description: 'Decides operations, arrivals and faults; drawn and printed when not given.',
  }),
};

/** All of them; the others say how it is carried out. */
export const benchFlags = {
  ...benchPlanFlags,
  journal: Flags.string({
    options: ['on', 'off'],
    default: 'on',
    description:
      'Whether every operation is written down and judged; off says so in every verdict.',
  }),
  threads: Flags.integer({
    min: 1,
    max: 64,
    description: 'Threads that generate load; a quarter of the cores unless told otherwise.',
  }),
  baseline: Flags.string({
    description: 'An earlier benchmark to compare with; its folder, or its name.',
  }),
  'fail-on': Flags.string({
    multiple: true,
    description:
      "Changes for the worse that end with 3, as in 'throughput<-5%,p99>+10%'; against --baseline, or without one against the first system.",
  }),
  junit: Flags.string({ description: 'Also writes a JUnit report to this file.' }),
  markdown: Flags.string({ description: 'Also writes the result as Markdown to this file.' }),
  store: Flags.string({ default: 'store', description: 'Folder that holds benchmarks and runs.' }),
  quiet: Flags.boolean({ char: 'q', default: false, description: 'No progress, only the result.' }),
};

/** What oclif makes of the flags. */
export interface BenchFlagValues {
  readonly system: string | undefined;
  readonly world: string;
  readonly nodes: string | undefined;
  readonly concurrency: string | undefined;
  readonly rate: string | undefined;
  readonly arrivals: string;
  readonly slo: readonly string[] | undefined;
  readonly 'read-ratio': string | undefined;
  readonly workload: string | undefined;
  readonly 'value-size': string;
  readonly keys: number;
  readonly distribution: string | undefined;
  readonly time: string;
  readonly rounds: number;
  readonly nemesis: string;
  readonly set: readonly string[] | undefined;
  readonly timeout: string;
  readonly seed: number | undefined;
  readonly journal: string;
  readonly threads: number | undefined;
  readonly baseline: string | undefined;
  readonly 'fail-on': readonly string[] | undefined;
  readonly junit: string | undefined;
  readonly markdown: string | undefined;
  readonly store: string;
  readonly quiet: boolean;
}
