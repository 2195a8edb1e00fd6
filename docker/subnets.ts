import type { NodeId } from '../core/node-id.ts';

/** Where clusters get their networks from, unless the user names another pool. */
export const defaultPool = '10.208.0.0/12';

/** The first address that a node gets; the ones below are for the gateway and for people. */
const firstNode = 11;
const nodesPerSubnet = 240;

interface Range {
  readonly first: number;
  readonly size: number;
}

/**
 * All subnets of 256 addresses in the pool, from a place in it that the seed decides on, so that runs
 * at the same time seldom ask for the same one.
 */
export function subnetsOf(pool: string, seed: string): string[] {
  const range = parse(pool);
  const count = Math.floor(range.size / 256);
  if (count === 0) {
    throw new Error(`Expected a pool of subnets of /24 or larger, got ${pool}.`);
  }
  const start = hashOf(seed) % count;
  return Array.from({ length: count }, (_, step) => {
    const at = (start + step) % count;
    return `${dotted(range.first + at * 256)}/24`;
  });
}

/** Whether two ranges such as `10.1.0.0/16` share an address. */
export function overlaps(one: string, other: string): boolean {
  const [a, b] = [parse(one), parse(other)];
  return a.first < b.first + b.size && b.first < a.first + a.size;
}

export function gatewayOf(subnet: string): string {
  return dotted(parse(subnet).first + 1);
}

/** The nodes' addresses, in order. */
export function addressesIn(subnet: string, nodes: readonly NodeId[]): Map<NodeId, string> {
  if (nodes.length > nodesPerSubnet) {
    throw new Error(
      `Expected at most ${String(nodesPerSubnet)} nodes, got ${String(nodes.length)}: a cluster has one /24.`,
    );
  }
  const { first } = parse(subnet);
  return new Map(nodes.map((node, at) => [node, dotted(first + firstNode + at)]));
}

/** Whether the engine refused a network because its addresses are taken. */
export function isOverlapError(error: unknown): boolean {
  return /overlap/i.test(error instanceof Error ? error.message : String(error));
}

function parse(range: string): Range {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(range);
  const parts = match?.slice(1).map(Number) ?? [];
  const [a = 256, b = 256, c = 256, d = 256, prefix = 33] = parts;
  if ([a, b, c, d].some((part) => part > 255) || prefix > 32) {
    throw new Error(`Expected a range of IPv4 addresses such as 10.208.0.0/12, got ${range}.`);
  }
  const size = 2 ** (32 - prefix);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  return { first: address - (address % size), size };
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => String(Math.floor(address / 2 ** shift) % 256)).join('.');
}

/** FNV-1a: spreads run ids, nothing more. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash;
}
