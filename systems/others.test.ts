import { describe, expect, it } from 'vitest';
import { execaSync } from 'execa';
import type { Op } from '../core/event.ts';
import type { Json } from '../core/json.ts';
import { localWorld } from '../local/index.ts';
import { systems } from './index.ts';
import { eventually, foreignCluster } from './testing/local-cluster.ts';

const op = (name: string, value: Json = null): Op => ({ op: name, key: 'k ☃', value });
const minuteMs = 60_000;

/** Programs of others are where a machine has them. */
function isMissing(name: string): boolean {
  const program = systems[name]?.launch.program?.name ?? '';
  return execaSync('which', [program], { reject: false }).failed;
}

describe.each([
  { name: 'etcd', nodes: 3 },
  { name: 'redis', nodes: 1 },
])('$name, as $nodes processes,', ({ name, nodes }) => {
  it.skipIf(isMissing(name))(
    'does every operation through every node, and says who leads',
    { timeout: minuteMs },
    async () => {
      const system = systems[name]!;
      await using cluster = await foreignCluster(localWorld, system, nodes);
      const leader = await cluster.leader();
      for (const node of cluster.nodes) {
        await using client = await eventually(`a client of ${node.id}`, () =>
          cluster.client(node).catch(() => undefined),
        );
        await eventually(`${node.id} to serve`, async () =>
          (await client.invoke(op('delete'))).phase === 'ok' ? true : undefined,
        );
        const results = [];
        const steps: [string, Json][] = [
          ...[['read', null] as const, ['cas', [null, 1]] as const, ['cas', [null, 2]] as const],
          ...[['cas', [1, { a: 'é' }]] as const, ['cas', [1, 2]] as const, ['read', null] as const],
          ...[['write', 7] as const, ['read', null] as const],
        ].map(([each, value]) => [each, value as Json]);
        for (const [each, value] of steps) results.push(await client.invoke(op(each, value)));
        expect(results.map((each) => (each.phase === 'ok' ? each.value : each.phase))).toEqual([
          ...[null, [null, 1], 'fail', [1, { a: 'é' }], 'fail', { a: 'é' }, 7, 7],
        ]);
        const status = await eventually(`${node.id} to follow ${leader.id}`, async () => {
          const found = await cluster.status(node);
          return found?.leader === leader.id ? found : undefined;
        });
        expect(status.role).toBe(node.id === leader.id ? 'leader' : 'follower');
      }
    },
  );
});
