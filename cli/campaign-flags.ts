import { availableParallelism } from 'node:os';
import { Flags, type Interfaces } from '@oclif/core';
import { runFlags } from './run-flags.ts';

/** Flags of `dtest run` that are no axis of a campaign, or that it has under another name. */
const elsewhere: readonly string[] = [
  // Always the sim world, and its seeds.
  ...['world', 'seed', 'keep'],
  // Of the whole campaign; figures of virtual time are no measurement that a threshold could judge.
  ...['fail-fast', 'threshold', 'store', 'junit', 'markdown', 'quiet'],
  // Worded for several values below.
  ...['system', 'nemesis', 'set'],
];

/** What a campaign does unless told otherwise: a minute, a thousand operations, and what the seed picks. */
const ownDefaults: Readonly<Record<string, string>> = { rate: '17', time: '60s', swarm: 'on' };

/** Every other flag of `dtest run` that takes a value, for one value or several. */
export const axisFlags: readonly string[] = Object.entries(runFlags)
  .filter(([name, flag]) => !elsewhere.includes(name) && (flag.type as string) === 'option')
  .map(([name]) => name);

type AxisFlag = Interfaces.OptionFlag<string | undefined>;

function axisFlag(name: string): readonly [string, AxisFlag] {
  const { description = '' } =
    (runFlags as Readonly<Record<string, { description?: string }>>)[name] ?? {};
  const own = ownDefaults[name];
  return [
    name,
    Flags.string({
      description: `${description} Several: comma separated.`,
      ...(own === undefined ? {} : { default: own }),
    }),
  ];
}

/** What decides a campaign; the other flags only say how it is carried out. */
export const planFlags = {
  systems: Flags.string({
    char: 's',
    aliases: ['system'],
    default: 'raft',
    description: 'Systems under test, comma separated, or all.',
  }),
  workloads: Flags.string({
    aliases: ['workload'],
    default: 'register',
    description: 'What clients do, comma separated, or all.',
  }),
  nemesis: Flags.string({
    default: 'all',
    description: 'Faults, as in dtest run; several mixes of them between semicolons.',
  }),
  seeds: Flags.string({
    default: '1..100',
    description: 'Seeds for every combination: numbers and ranges, such as 1..1000 or 7,20..30.',
  }),
  set: Flags.string({
    multiple: true,
    description: 'A setting of the system, as name=value; several: name=one,other.',
  }),
  ...(Object.fromEntries(axisFlags.map(axisFlag)) as Record<string, AxisFlag>),
};

export const campaignFlags = {
  ...planFlags,
  workers: Flags.integer({
    min: 1,
    max: 256,
    default: availableParallelism(),
    description: 'Threads that simulate; as many as there are cores unless told otherwise.',
  }),
  'time-limit': Flags.string({
    description: 'Ends the campaign after so much real time, such as 10m.',
  }),
  'fail-fast': Flags.boolean({
    default: false,
    description: 'Ends the campaign at the first failure.',
    exclusive: ['max-failures'],
  }),
  'max-failures': Flags.integer({
    min: 1,
    description: 'Ends the campaign after so many failures.',
  }),
  save: Flags.integer({
    min: 0,
    max: 100,
    default: 5,
    description: 'Runs saved whole of each kind of failure.',
  }),
  resume: Flags.string({
    description: 'Goes on with a campaign: its folder, or latest.',
  }),
  store: Flags.string({ default: 'store', description: 'Folder that holds campaigns and runs.' }),
  junit: Flags.string({ description: 'Also writes a JUnit report to this file.' }),
  markdown: Flags.string({ description: 'Also writes the summary as Markdown to this file.' }),
  quiet: Flags.boolean({ char: 'q', default: false, description: 'No progress, only the result.' }),
};

/** What oclif makes of the flags. */
export interface CampaignFlagValues {
  /** Those that decide the campaign, by name; undefined where nothing was said. */
  readonly plan: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Those of them that the user typed. */
  readonly typed: readonly string[];
  readonly workers: number;
  readonly 'time-limit': string | undefined;
  readonly 'fail-fast': boolean;
  readonly 'max-failures': number | undefined;
  readonly save: number;
  readonly resume: string | undefined;
  readonly store: string;
  readonly junit: string | undefined;
  readonly markdown: string | undefined;
  readonly quiet: boolean;
}
