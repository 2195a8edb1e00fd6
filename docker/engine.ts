import Docker from 'dockerode';
import { engineHost } from './endpoint.ts';

/** Docker 20.10, the oldest engine that our own tests ran on. */
const oldestApi = '1.41';
const answerTimeoutMs = 1800;

/** No single request takes the engine as long as this, unless it hangs. */
const requestTimeoutMs = 60_000;

export interface Engine {
  /** For requests, which have a deadline. */
  readonly docker: Docker;
  /** For streams, which may be silent for long: builds, pulls, shells. Whoever uses them watches them. */
  readonly streams: Docker;
  readonly version: string;
  readonly apiVersion: string;
}

/** Finds the engine; rejects within two seconds, saying what to do, when it is of no use to us. */
export async function connectEngine(): Promise<Engine> {
  const host = engineHost();
  const name = host ?? 'the usual socket';
  // No API version is pinned: new engines refuse old versions, old ones do not know the new.
  try {
    const options = optionsFor(host);
    const found = await new Docker({ ...options, timeout: answerTimeoutMs }).version();
    const problem = versionProblem(found);
    if (problem !== null) throw new Error(problem);
    return {
      docker: new Docker({ ...options, timeout: requestTimeoutMs }),
      streams: new Docker(options),
      version: found.Version,
      apiVersion: found.ApiVersion,
    };
  } catch (cause) {
    throw new Error(whyNot(cause, name), { cause });
  }
}

/** What to tell the user of an engine that did not answer as expected. */
export function whyNot(error: unknown, host: string): string {
  const { code, message } = error as Partial<Record<'code' | 'message', string>>;
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return (
        `No permission to talk to the Docker engine at ${host}: add yourself to the docker group ` +
        '(sudo usermod -aG docker $USER) and log in again.'
      );
    case 'ENOENT':
    case 'ECONNREFUSED':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EHOSTUNREACH':
      return (
        `No Docker engine answers at ${host} (${code}): start it, or say where it is with DOCKER_HOST. ` +
        'Without Docker, use --world local.'
      );
    case 'ECONNRESET':
      return (
        `The Docker engine at ${host} hung up, or gave no answer within ${String(answerTimeoutMs)} ms: ` +
        'look at its log, or restart it.'
      );
    default:
      return `The Docker engine at ${host} cannot be used: ${message ?? String(error)}`;
  }
}

/** Why an engine that answered is of no use, or null. */
export function versionProblem(found: {
  readonly Version: string;
  readonly ApiVersion: string;
  readonly Os: string;
}): string | null {
  if (found.Os !== 'linux') {
    return `expected an engine for Linux containers, got one for ${found.Os}; switch it over.`;
  }
  if (compareVersions(found.ApiVersion, oldestApi) < 0) {
    return (
      `expected API ${oldestApi} (Docker 20.10) or newer, got ${found.ApiVersion} ` +
      `(Docker ${found.Version}); update Docker.`
    );
  }
  return null;
}

function compareVersions(one: string, other: string): number {
  const [a, b] = [one, other].map((version) => version.split('.').map(Number));
  return (a?.[0] ?? 0) - (b?.[0] ?? 0) || (a?.[1] ?? 0) - (b?.[1] ?? 0);
}

/** dockerode reads `DOCKER_HOST` by itself, but knows nothing of contexts. */
function optionsFor(host: string | undefined): Docker.DockerOptions {
  if (host === undefined || host === process.env.DOCKER_HOST) return {};
  if (host.startsWith('unix://')) return { socketPath: host.slice('unix://'.length) };
  if (host.startsWith('npipe://')) return { socketPath: host.slice('npipe://'.length) };
  throw new Error(
    `The current docker context is at ${host}, which dtest cannot use: set DOCKER_HOST instead.`,
  );
}
