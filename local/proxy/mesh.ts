import type { Link, LinkEvidence } from '../../core/cluster.ts';
import type { Ways } from './connection.ts';
import { type Forwarder, openForwarder } from './forwarder.ts';
import type { Way } from './gate.ts';
import type { Route } from './messages.ts';
import { type Probe, openProbe } from './probe.ts';

/** All directed links of a cluster. */
export interface Mesh {
  /** Where to dial, for each route that was given, instead of the node itself. */
  readonly dial: readonly Route[];
  /** Puts the whole state in force at one moment, then looks at every link; rejects on a surprise. */
  apply(cut: readonly Link[]): Promise<LinkEvidence>;
  /** Chunks, closings and connection attempts that cuts held back so far; probes do not count. */
  held(): number;
}

/** Probes settle in milliseconds; this much means that the machine is overwhelmed. */
const probeDeadlineMs = 5000;

export async function openMesh(routes: readonly Route[]): Promise<Mesh> {
  const cut = new Set<string>();
  let held = 0;
  const way = (link: Link): Way => {
    const name = nameOf(link);
    return {
      isCut: () => cut.has(name),
      onHeld: () => {
        held += 1;
      },
    };
  };
  const ways = ({ from, to }: Link): Ways => ({
    out: way({ from, to }),
    back: way({ from: to, to: from }),
  });
  const forwarders: Forwarder[] = [];
  const dial = await Promise.all(
    routes.map(async ({ link, ports }) => {
      const opened = await Promise.all(
        Object.entries(ports).map(async ([name, target]) => {
          const forwarder = await openForwarder(target, ways(link));
          forwarders.push(forwarder);
          return [name, forwarder.address] as const;
        }),
      );
      return { link, ports: Object.fromEntries(opened) };
    }),
  );
  const probes = await Promise.all(routes.map(({ link }) => openProbe(link, ways(link))));
  const put = (state: readonly Link[]): void => {
    cut.clear();
    for (const link of state) cut.add(nameOf(link));
    for (const each of [...forwarders, ...probes]) each.update();
  };
  return {
    dial,
    held: () => held,
    apply: async (state) => {
      const startedMs = performance.now();
      put(state);
      const inForceMs = performance.now();
      const count = await verify(probes, (link) => cut.has(nameOf(link)));
      return {
        mechanism: 'proxy',
        appliedMs: inForceMs - startedMs,
        verifiedMs: performance.now() - inForceMs,
        probes: count,
      };
    },
  };
}

/** Every link is probed twice: as the way of a dialler's bytes and as that of the replies to one. */
async function verify(probes: readonly Probe[], isCut: (link: Link) => boolean): Promise<number> {
  await Promise.all(
    probes.map(async (probe) => {
      const { from, to } = probe.link;
      const seen = await within(probe.send(), `probe between ${from} and ${to}`);
      expectFate(probe.link, seen.out, isCut(probe.link));
      const back = { from: to, to: from };
      expectFate(back, seen.back, isCut(back));
    }),
  );
  return probes.length * 2;
}

function expectFate(link: Link, fate: 'passed' | 'held', isCut: boolean): void {
  const wanted = isCut ? 'held' : 'passed';
  if (fate === wanted) return;
  throw new Error(`expected a probe over ${nameOf(link)} to be ${wanted}, but it was ${fate}`);
}

async function within<T>(promise: Promise<T>, what: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(
      new Error(`expected the ${what} to settle within ${probeDeadlineMs} ms, it did not`),
    );
  }, probeDeadlineMs);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function nameOf({ from, to }: Link): string {
  return `${from} → ${to}`;
}
