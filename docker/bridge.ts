import type Docker from 'dockerode';
import { networkInterfaces } from 'node:os';
import { messageOf } from './errors.ts';
import { defaultPool, gatewayOf, isOverlapError, overlaps, subnetsOf } from './subnets.ts';

/** So many subnets are tried before the pool is called full. */
const maxTries = 64;

/**
 * Makes a network of the cluster's own, with the first subnet of the pool that is free; resolves with
 * that subnet. The engine knows its own networks, this machine what else it is connected to.
 */
export async function createBridge(
  docker: Docker,
  name: string,
  labels: Record<string, string>,
): Promise<string> {
  const pool = process.env.DTEST_SUBNETS ?? defaultPool;
  const taken = Object.values(networkInterfaces()).flatMap((each) =>
    (each ?? []).flatMap(({ family, cidr }) => (family === 'IPv4' && cidr !== null ? [cidr] : [])),
  );
  const candidates = subnetsOf(pool, name).filter(
    (subnet) => !taken.some((range) => overlaps(subnet, range)),
  );
  let refusal: unknown = 'this machine is connected to networks that cover it';
  for (const subnet of candidates.slice(0, maxTries)) {
    try {
      await docker.createNetwork({
        Name: name,
        Driver: 'bridge',
        Labels: labels,
        IPAM: { Driver: 'default', Config: [{ Subnet: subnet, Gateway: gatewayOf(subnet) }] },
      });
      return subnet;
    } catch (error) {
      if (!isOverlapError(error)) throw error;
      refusal = error;
    }
  }
  throw new Error(
    `Expected a free subnet among the first ${String(maxTries)} of ${pool}, found none ` +
      `(${messageOf(refusal)}). Run dtest clean, or name another pool: DTEST_SUBNETS=10.50.0.0/16.`,
    { cause: refusal },
  );
}
