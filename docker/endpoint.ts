import type Docker from 'dockerode';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where the `docker` command would look for the engine: `DOCKER_HOST`, else the current context, which
 * is how Colima, OrbStack and rootless Docker make themselves known. Undefined for the usual socket.
 */
export function engineHost(
  environment: Environment = process.env,
  home: string = homedir(),
): string | undefined {
  const named = environment.DOCKER_HOST;
  if (named !== undefined && named !== '') return named;
  const config = join(environment.DOCKER_CONFIG ?? join(home, '.docker'));
  const chosen = environment.DOCKER_CONTEXT ?? currentContext(config);
  if (chosen === undefined || chosen === '' || chosen === 'default') return undefined;
  const folder = createHash('sha256').update(chosen).digest('hex');
  const meta = readJson(join(config, 'contexts', 'meta', folder, 'meta.json'));
  const host = field(field(field(meta, 'Endpoints'), 'docker'), 'Host');
  return typeof host === 'string' ? host : undefined;
}

/** How this process gets at the ports of a container. */
export type Reach =
  /** At the container's own address. */
  | { readonly kind: 'address' }
  /** At a port of the engine's machine, which its proxy hands on; four times slower on Linux. */
  | { readonly kind: 'published'; readonly host: string; readonly bind: string };

export interface ReachFacts {
  readonly platform: string;
  /** As `engineHost` gives it. */
  readonly host: string | undefined;
  /** What the engine says it runs on, and with which security options. */
  readonly operatingSystem: string;
  readonly securityOptions: readonly string[];
  /** `address` or `published`, where the user knows better. */
  readonly wish: string | undefined;
}

export function reachOf(facts: ReachFacts): Reach {
  const remote = /^(?:tcp|https?|ssh):\/\/(?:[^@/]*@)?(\[[^\]]+\]|[^:/]+)/.exec(
    facts.host ?? '',
  )?.[1];
  const isHere = remote === undefined || /^(?:localhost|127\.[\d.]+|\[::1\])$/.test(remote);
  const published: Reach = isHere
    ? { kind: 'published', host: '127.0.0.1', bind: '127.0.0.1' }
    : { kind: 'published', host: remote, bind: '0.0.0.0' };
  if (facts.wish === 'published') return published;
  if (facts.wish === 'address') return { kind: 'address' };
  const inVirtualMachine =
    facts.platform !== 'linux' || facts.operatingSystem.includes('Docker Desktop');
  const rootless = facts.securityOptions.some((option) => option.includes('rootless'));
  return isHere && !inVirtualMachine && !rootless ? { kind: 'address' } : published;
}

/** The same for an engine, asked. */
export async function reachOfEngine(docker: Docker): Promise<Reach> {
  const info = (await docker.info()) as {
    readonly OperatingSystem?: string;
    readonly SecurityOptions?: readonly string[] | null;
  };
  return reachOf({
    platform: process.platform,
    host: engineHost(),
    operatingSystem: info.OperatingSystem ?? '',
    securityOptions: info.SecurityOptions ?? [],
    wish: process.env.DTEST_DOCKER_REACH,
  });
}

function currentContext(config: string): string | undefined {
  const name = field(readJson(join(config, 'config.json')), 'currentContext');
  return typeof name === 'string' ? name : undefined;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
