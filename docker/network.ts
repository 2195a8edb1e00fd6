import type { Link, LinkEvidence, LinkState, Network } from '../core/cluster.ts';
import { healthyLinks } from '../core/cluster.ts';
import type { NodeId } from '../core/node-id.ts';
import { type InboundCounts, type Mechanism, mechanisms, probeScript } from './link-rules.ts';
import type { Shell } from './shell.ts';

/** A node's end of its links: its address, and a shell in the container that owns it. */
export interface LinkEnd {
  readonly id: NodeId;
  readonly address: string;
  readonly shell: Shell;
}

export interface PodNetwork extends Network {
  /** How links are cut here: found by trying at the first use. */
  mechanism(): Promise<string>;
  close(): void;
}

/** How long probes may take to show what is wanted; on a working link they need a few milliseconds. */
const verifyTimeoutMs = 5000;
const betweenRoundsMs = 5;

/** Links between pods, which work, and can be cut, whatever the systems in the pods are doing. */
export function podNetwork(
  ends: readonly LinkEnd[],
  candidates: readonly Mechanism[] = mechanisms,
): PodNetwork {
  let chosen: Promise<Mechanism> | undefined;
  // One change after the other: two states in force at once would be neither.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
  const choose = () => {
    chosen ??= chooseMechanism(ends, candidates);
    chosen.catch(() => (chosen = undefined));
    return chosen;
  };
  return {
    apply: (state) => inTurn(async () => applyLinks(ends, await choose(), state)),
    dropped: async () => {
      if (chosen === undefined) return 0;
      const mechanism = await chosen;
      const counts = await inTurn(() => readCounts(ends, mechanism));
      return [...counts.values()].reduce((sum, each) => sum + each.dropped, 0);
    },
    mechanism: async () => (await choose()).name,
    close: () => {
      for (const end of ends) end.shell.close();
    },
  };
}

/** The first mechanism with which every node takes rules and counts. */
async function chooseMechanism(
  ends: readonly LinkEnd[],
  candidates: readonly Mechanism[],
): Promise<Mechanism> {
  const reasons: string[] = [];
  for (const candidate of candidates) {
    try {
      await Promise.all(ends.map((end) => prepare(end, ends, candidate)));
      return candidate;
    } catch (error) {
      reasons.push(`${candidate.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(
    `Links cannot be cut on this engine: its kernel accepts none of the mechanisms.\n${reasons.join('\n')}`,
  );
}

/** Rejects where the node's kernel or tools lack the mechanism; else leaves rules that cut nothing. */
export async function prepare(
  end: LinkEnd,
  ends: readonly LinkEnd[],
  mechanism: Mechanism,
): Promise<void> {
  await end.shell.run(mechanism.prepare);
  await end.shell.run(mechanism.apply(rulesFor(end, ends, healthyLinks)));
  await end.shell.run(mechanism.read);
}

async function applyLinks(
  ends: readonly LinkEnd[],
  mechanism: Mechanism,
  state: LinkState,
): Promise<LinkEvidence> {
  refuseUnknown(ends, state);
  const startedMs = performance.now();
  await Promise.all(ends.map((end) => end.shell.run(mechanism.apply(rulesFor(end, ends, state)))));
  const appliedMs = performance.now() - startedMs;
  const probes = await verify(ends, mechanism, state);
  const verifiedMs = performance.now() - startedMs - appliedMs;
  return { appliedMs, verifiedMs, probes, mechanism: mechanism.name };
}

function refuseUnknown(ends: readonly LinkEnd[], state: LinkState): void {
  const known = new Set(ends.map((end) => end.id));
  for (const link of state.cut) {
    if (known.has(link.from) && known.has(link.to) && link.from !== link.to) continue;
    throw new Error(
      `Expected links between two of ${[...known].join(', ')}, got ${nameOfLink(link)}.`,
    );
  }
}

function rulesFor(end: LinkEnd, ends: readonly LinkEnd[], state: LinkState) {
  const address = new Map(ends.map((each) => [each.id, each.address]));
  const from = state.cut.filter((link) => link.to === end.id).map((link) => link.from);
  return {
    peers: ends.filter((each) => each !== end).map((each) => each.address),
    cut: new Set(from.flatMap((id) => address.get(id) ?? [])),
  };
}

/** A directed link with the ends of it. */
interface Probe {
  readonly from: LinkEnd;
  readonly to: LinkEnd;
  readonly cut: boolean;
}

/**
 * Sends a probe over every directed link until the receiver has counted one on each. Resolves with
 * the number of links; rejects at once when a probe turned up where it must not.
 */
async function verify(
  ends: readonly LinkEnd[],
  mechanism: Mechanism,
  state: LinkState,
): Promise<number> {
  const all = probesOf(ends, state);
  const deadlineMs = performance.now() + verifyTimeoutMs;
  for (let open = all; ;) {
    await sendProbes(open);
    const counts = await readCounts(ends, mechanism);
    open = open.filter((probe) => !isSeen(probe, counts.get(probe.to)));
    if (open.length === 0) return all.length;
    if (performance.now() > deadlineMs) throw unseen(open);
    // Only a first packet takes longer than the round itself: it waits for the peer's ARP answer.
    await new Promise((resolve) => setTimeout(resolve, betweenRoundsMs));
  }
}

function probesOf(ends: readonly LinkEnd[], state: LinkState): Probe[] {
  const cut = new Set(state.cut.map(nameOfLink));
  return ends.flatMap((from) =>
    ends
      .filter((to) => to !== from)
      .map((to) => ({ from, to, cut: cut.has(nameOfLink({ from: from.id, to: to.id })) })),
  );
}

async function sendProbes(probes: readonly Probe[]): Promise<void> {
  const bySender = Map.groupBy(probes, (probe) => probe.from);
  await Promise.all(
    [...bySender].map(([from, mine]) =>
      from.shell.run(probeScript(mine.map((probe) => probe.to.address))),
    ),
  );
}

async function readCounts(
  ends: readonly LinkEnd[],
  mechanism: Mechanism,
): Promise<Map<LinkEnd, InboundCounts>> {
  const read = async (end: LinkEnd) => mechanism.counts(await end.shell.run(mechanism.read));
  return new Map(await Promise.all(ends.map(async (end) => [end, await read(end)] as const)));
}

function isSeen({ from, to, cut }: Probe, counts: InboundCounts | undefined): boolean {
  const arrived = counts?.arrived.get(from.address) ?? 0;
  const swallowed = counts?.swallowed.get(from.address) ?? 0;
  if (cut ? arrived > 0 : swallowed > 0) {
    throw new Error(
      `Expected the link ${nameOfLink({ from: from.id, to: to.id })} to be ${cut ? 'cut' : 'healthy'}, ` +
        `but a probe ${cut ? 'arrived' : 'was swallowed'}. Does something else write rules there?`,
    );
  }
  return cut ? swallowed > 0 : arrived > 0;
}

function unseen(open: readonly Probe[]): Error {
  const links = open.map(
    ({ from, to, cut }) =>
      `${nameOfLink({ from: from.id, to: to.id })} (${cut ? 'cut' : 'healthy'})`,
  );
  return new Error(
    `Expected a probe on every link within ${String(verifyTimeoutMs / 1000)} s, ` +
      `saw none on ${links.join(', ')}. Are the holder containers of these nodes running?`,
  );
}

function nameOfLink({ from, to }: Link): string {
  return `${from}→${to}`;
}
