import type { Address } from '../core/cluster.ts';
import type { NodeStatus } from '../core/system.ts';

/** After this long without its status, a node counts as not answering. */
const deadlineMs = 500;

/** Gets `/status`, and rejects when it does not come within the deadline or is not a status. */
export async function fetchStatus({ host, port }: Address): Promise<NodeStatus> {
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}/status`;
  const { ok, code, text } = await get(url);
  if (!ok) throw new Error(`expected ${url} to answer 200, got ${code}`);
  const status = parse(text);
  if (status === undefined) {
    throw new Error(`expected a node's status from ${url}, got ${text.slice(0, 200)}`);
  }
  return status;
}

async function get(url: string): Promise<{ ok: boolean; code: number; text: string }> {
  try {
    const signal = AbortSignal.timeout(deadlineMs);
    const response = await fetch(url, { signal, redirect: 'error' });
    return { ok: response.ok, code: response.status, text: await response.text() };
  } catch (error) {
    const { message, cause } = error as Error;
    const why = cause instanceof Error ? cause.message : message;
    throw new Error(`no answer from ${url} within ${deadlineMs} ms: ${why}`, { cause: error });
  }
}

const roles = new Set(['leader', 'follower', 'candidate', 'other']);

function parse(text: string): NodeStatus | undefined {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const { id, role, term, leader, members, commitIndex, appliedIndex, counters } =
    value as Readonly<Record<string, unknown>>;
  if (typeof id !== 'string' || typeof role !== 'string' || !roles.has(role)) return undefined;
  if (!isCount(term) || !isCount(commitIndex) || !isCount(appliedIndex)) return undefined;
  if (leader !== undefined && leader !== null && typeof leader !== 'string') return undefined;
  if (!isCounters(counters)) return undefined;
  if (members !== undefined && !areTexts(members)) return undefined;
  return {
    ...{ id, role: role as NodeStatus['role'], term, commitIndex, appliedIndex, counters },
    ...(typeof leader === 'string' ? { leader } : {}),
    ...(members === undefined ? {} : { members }),
  };
}

function areTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isCounters(value: unknown): value is Readonly<Record<string, number>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((each) => typeof each === 'number')
  );
}
