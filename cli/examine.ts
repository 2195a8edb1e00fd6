import { availableParallelism, totalmem } from 'node:os';
import { exitCodes } from '../runner/exit-codes.ts';
import { messageOf } from './failure.ts';
import { ownerMark } from './owner.ts';
import { packageJson } from './package-root.ts';
import type { CommandOutcome } from './run-once.ts';
import { loadWorld } from './worlds.ts';

/** One thing that was looked at. `help` says how to get what is missing. */
interface Finding {
  readonly what: string;
  readonly state: 'good' | 'missing' | 'info';
  readonly found: string;
  readonly help?: string;
}

/** `dtest doctor`: what works on this machine. Fails only when no world works at all. */
export async function examine(): Promise<CommandOutcome> {
  const findings = [...machine(), ...(await localFindings()), ...(await dockerFindings())];
  const worlds = findings.filter(({ what, state }) => what.startsWith('world') && state === 'good');
  const advice =
    worlds.length > 0
      ? `dtest run register works here, in ${worlds.map(({ what }) => what.slice('world '.length)).join(' and ')}`
      : 'no world works here yet';
  return {
    text: [...findings.map(line), '', advice].join('\n'),
    json: { findings },
    exitCode: worlds.length > 0 ? exitCodes.valid : exitCodes.error,
  };
}

function machine(): Finding[] {
  const gib = (totalmem() / 2 ** 30).toFixed(0);
  return [
    { what: 'dtest', state: 'info', found: packageJson().version },
    { what: 'Node.js', state: 'good', found: process.versions.node },
    {
      what: 'machine',
      state: 'info',
      found: `${process.platform} ${process.arch}, ${availableParallelism()} cores, ${gib} GiB`,
    },
  ];
}

async function localFindings(): Promise<Finding[]> {
  const reason = await (await loadWorld('local')).unavailable();
  return reason === null
    ? [
        {
          what: 'world local',
          state: 'good',
          found: 'child processes, link proxies; no root needed',
        },
      ]
    : [{ what: 'world local', state: 'missing', found: reason }];
}

async function dockerFindings(): Promise<Finding[]> {
  const { inspectDocker } = await import('../docker/doctor.ts');
  try {
    const facts = await inspectDocker(ownerMark());
    const images = Object.entries(facts.images).map(([name, { reference, present }]): Finding => ({
      what: `image ${name}`,
      state: present ? 'good' : 'info',
      found: present ? reference : `${reference} is not there yet; the first run builds it`,
    }));
    return [
      {
        what: 'world docker',
        state: 'good',
        found: `engine ${facts.engine}, API ${facts.api}, nodes reached by ${facts.reach}`,
      },
      ...images,
      {
        what: 'building without a registry',
        state: facts.buildWithoutRegistry === null ? 'good' : 'info',
        found: facts.buildWithoutRegistry ?? 'works, from Debian packages',
      },
      ...linkFaultFindings(facts.linkFaults),
    ];
  } catch (error) {
    return [
      {
        what: 'world docker',
        state: 'missing',
        found: messageOf(error),
        help: 'install Docker Engine or Docker Desktop and start it; without it runs use the local world',
      },
    ];
  }
}

function linkFaultFindings(
  mechanisms: Readonly<Record<string, string | null>> | undefined,
): Finding[] {
  if (mechanisms === undefined) {
    const found = 'tried once the helper image is there';
    return [{ what: 'link faults in docker', state: 'info', found }];
  }
  return Object.entries(mechanisms).map(([name, reason]) => ({
    what: `link faults by ${name}`,
    state: reason === null ? 'good' : 'info',
    found: reason ?? 'works',
  }));
}

const marks = { good: 'ok  ', missing: 'none', info: '    ' } as const;

function line({ what, state, found, help }: Finding): string {
  const text = `${marks[state]} ${what.padEnd(30)} ${found}`;
  return help === undefined ? text : `${text}\n${' '.repeat(36)}${help}`;
}
