import type { Cluster, Flawable, Network, Restable } from '../core/cluster.ts';
import type { Conditions } from '../core/conditions.ts';
import type { NodeId } from '../core/node-id.ts';
import { rngOf } from '../core/rng.ts';
import type { World, WorldOptions } from '../core/system.ts';
import { calmConditions } from './conditions.ts';
import { type Links, links } from './links.ts';
import { type Machine, machine } from './machine.ts';
import { duplicateOf, parcelCodec } from './parcels.ts';
import { encodePayload } from '../wire/frame-payload.ts';
import { type Simulation, type SimulationOptions, simulation } from './virtual-time.ts';
import { type Watches, watches } from './watches.ts';

/** A world in memory, on virtual time of its own: one seed is one execution. For one run each. */
export function simulatedWorld(options?: SimulationOptions): World & { readonly time: Simulation } {
  const time = simulation(options);
  return {
    name: 'sim',
    time,
    unavailable: () => Promise.resolve(null),
    start: (wanted) => start(time, wanted),
    clean: () => Promise.resolve([]),
  };
}

async function start(time: Simulation, options: WorldOptions): Promise<Cluster & Restable> {
  const { system, settings, nodes, seed = 0, conditions = calmConditions } = options;
  const protocol = system.protocolWith?.(settings);
  if (protocol === undefined) {
    throw new Error(
      `the system "${system.name}" is a program of others, which cannot be simulated; use --world docker or local`,
    );
  }
  const rng = rngOf(seed, 'simulator');
  const network = links(time, conditions.network, rng.split('links'));
  const machines = new Map<NodeId, Machine>();
  const codec = parcelCodec();
  const eyes = watched(time, options);
  for (const id of nodes) {
    const own = machine({
      ...{ id, nodes, simulation: time, conditions, protocol, settings, rng: rng.split(id) },
      codec,
      send(to, parcel) {
        time.trace?.note(id, `sends ${to}`, encodePayload(parcel.message));
        const arrived = time.trace?.carries?.(id, to, parcel.message);
        network.send(id, to, (isDuplicated) => {
          arrived?.();
          machines.get(to)?.receive(id, isDuplicated ? duplicateOf(parcel) : parcel);
        });
      },
      onTurn: eyes.look,
    });
    machines.set(id, own);
  }
  await Promise.all([...machines.values()].map((each) => each.start()));
  return {
    world: 'sim',
    nodes: [...machines.values()],
    network: networkOf(network, nodes.length),
    facts: factsOf(conditions),
    atRest: () => eyes.atRest(statesOf(machines)),
    async [Symbol.asyncDispose]() {
      await Promise.all([...machines.values()].map((each) => each.kill()));
    },
  };
}

/** Looks at the nodes' states for whoever wants to know what is wrong with them. */
function watched(time: Simulation, { system, onBreach }: WorldOptions): Watches {
  if (onBreach === undefined) return { look: () => undefined, atRest: () => undefined };
  return watches(system.invariants ?? [], time.nowNs, (breach) => {
    // It may end the run, which promises do.
    time.stir();
    onBreach(breach);
  });
}

/** The states of all that run. */
function statesOf(machines: ReadonlyMap<NodeId, Machine>): ReadonlyMap<NodeId, unknown> {
  const states = new Map<NodeId, unknown>();
  for (const [id, { state }] of machines) if (state !== undefined) states.set(id, state);
  return states;
}

function networkOf(network: Links, nodes: number): Network & Flawable {
  const probes = nodes * (nodes - 1);
  return {
    apply({ cut }) {
      network.cut(cut);
      return Promise.resolve({ appliedMs: 0, verifiedMs: 0, probes, mechanism: 'simulated' });
    },
    flaw(wanted) {
      network.flaw(wanted);
      return Promise.resolve();
    },
    dropped: () => Promise.resolve(network.counts.cut + network.counts.lost),
  };
}

function factsOf(conditions: Conditions): Cluster['facts'] {
  return { conditions: JSON.parse(JSON.stringify(conditions)) as Cluster['facts'] };
}
