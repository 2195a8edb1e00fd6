import { nodeIds } from '../../core/node-id.ts';
import { simulatedWorld } from '../../simulator/world.ts';
import { systems } from '../../systems/index.ts';
import { lookUp } from '../../cli/lookup.ts';

export interface Idle {
  readonly eventsPerVirtualSecond: number;
  readonly cpuMs: number;
}

/** A cluster of which nobody asks anything: what is left is what the protocol does on its own. */
export async function idle(name: string, nodes: number, virtualSeconds: number): Promise<Idle> {
  const system = lookUp('system', systems, name);
  const settings = Object.fromEntries(system.settings.map((each) => [each.name, each.default]));
  const world = simulatedWorld();
  const { time } = world;
  let begun = { events: 0, usage: process.cpuUsage() };
  await time.run(async () => {
    await using _cluster = await world.start({
      ...{ runId: 'idle', owner: 'bench', keep: false, linkFaults: false, workDir: '' },
      ...{ nodes: nodeIds(nodes), system, settings, seed: 1 },
    });
    // By then somebody leads.
    await time.clock.sleep(5000);
    begun = { events: time.events(), usage: process.cpuUsage() };
    await time.clock.sleep(1000 * virtualSeconds);
  });
  const { user, system: kernel } = process.cpuUsage(begun.usage);
  return {
    eventsPerVirtualSecond: (time.events() - begun.events) / virtualSeconds,
    cpuMs: (user + kernel) / 1000,
  };
}
