import type { Link, LinkFlaws } from '../core/cluster.ts';
import type { NetworkConditions } from '../core/conditions.ts';
import type { NodeId } from '../core/node-id.ts';
import type { Rng } from '../core/rng.ts';
import { drawnMs } from './mounted-disk.ts';
import type { Simulation } from './virtual-time.ts';

/** The network between the nodes: each directed link for itself, with draws of its own. */
export interface Links {
  /** May lose the message, deliver it late, twice, or over another one. */
  send(from: NodeId, to: NodeId, deliver: Deliver): void;
  /** Cuts these links, and mends all others. */
  cut(links: readonly Link[]): void;
  /** Gives these links flaws, and takes them from all others. */
  flaw(links: readonly (Link & LinkFlaws)[]): void;
  readonly counts: LinkCounts;
}

/** Told whether the same comes, or has come, once more. */
export type Deliver = (isDuplicated: boolean) => void;

export interface LinkCounts {
  sent: number;
  lost: number;
  duplicated: number;
  reordered: number;
  /** Swallowed by a cut, or held back by it. */
  cut: number;
}

interface Network {
  readonly simulation: Simulation;
  readonly conditions: NetworkConditions;
  readonly rng: Rng;
  /** By sender, then by receiver. */
  readonly lines: Map<NodeId, Map<NodeId, Line>>;
  readonly counts: LinkCounts;
  /** Takes back the flaws that have yet to begin. */
  cancelLater: (() => void)[];
}

interface Line {
  readonly rng: Rng;
  isCut: boolean;
  flaws: LinkFlaws;
  flawedSinceNs: number;
  /** What a cut holds back. */
  held: Message[];
  lastArrivalNs: number;
}

interface Message {
  /** Its place among all that was sent over its link. */
  readonly order: number;
  readonly deliver: Deliver;
  isDuplicated: boolean;
}

const flawless: LinkFlaws = { loss: 0, duplication: 0, slowMs: 0 };

/** A link that is cut holds so many messages, as the buffers of a connection would. */
const mostHeld = 1000;

export function links(simulation: Simulation, conditions: NetworkConditions, rng: Rng): Links {
  const counts = { sent: 0, lost: 0, duplicated: 0, reordered: 0, cut: 0 };
  const network: Network = {
    simulation,
    conditions,
    rng,
    counts,
    lines: new Map(),
    cancelLater: [],
  };
  return {
    counts,
    send(from, to, deliver) {
      const order = counts.sent++;
      send(network, lineOf(network, from, to), { order, deliver, isDuplicated: false });
    },
    cut(wanted) {
      const chosen = new Set(wanted.map(({ from, to }) => lineOf(network, from, to)));
      for (const line of linesOf(network)) {
        line.isCut = chosen.has(line);
        if (!line.isCut) for (const message of heldBy(line)) travel(network, line, message);
      }
    },
    flaw(wanted) {
      for (const cancel of network.cancelLater.splice(0)) cancel();
      for (const line of linesOf(network)) line.flaws = flawless;
      for (const link of wanted) beginFlaws(network, link);
    },
  };
}

function beginFlaws(network: Network, link: Link & LinkFlaws): void {
  const { simulation, cancelLater } = network;
  const { afterMs = 0, from, to } = link;
  const begin = (): void => {
    const flawed = { flaws: link, flawedSinceNs: simulation.nowNs() };
    Object.assign(lineOf(network, from, to), flawed);
  };
  if (afterMs === 0) begin();
  else cancelLater.push(simulation.timer(1e6 * afterMs, begin));
}

function linesOf({ lines }: Network): Line[] {
  return [...lines.values()].flatMap((ofSender) => [...ofSender.values()]);
}

function lineOf({ lines, rng }: Network, from: NodeId, to: NodeId): Line {
  const ofSender = lines.get(from) ?? new Map<NodeId, Line>();
  let line = ofSender.get(to);
  if (line === undefined) {
    const own = rng.split(`${from}>${to}`);
    line = {
      rng: own,
      isCut: false,
      flaws: flawless,
      flawedSinceNs: 0,
      held: [],
      lastArrivalNs: 0,
    };
    lines.set(from, ofSender.set(to, line));
  }
  return line;
}

/** What was under way when the link was cut was held after what was sent later, and goes before it. */
function heldBy(line: Line): Message[] {
  return line.held.splice(0).sort((one, other) => one.order - other.order);
}

function send(network: Network, line: Line, message: Message): void {
  const { conditions, counts } = network;
  if (line.isCut) {
    swallow(network, line, message);
    return;
  }
  if (line.rng.float() < either(conditions.loss, line.flaws.loss)) {
    counts.lost++;
    return;
  }
  travel(network, line, message);
  if (line.rng.float() >= either(conditions.duplication, line.flaws.duplication)) return;
  counts.duplicated++;
  message.isDuplicated = true;
  travel(network, line, message);
}

/** The probability that at least one of two independent things happens. */
function either(one: number, other: number): number {
  return one + other - one * other;
}

function swallow({ conditions, counts }: Network, line: Line, message: Message): void {
  counts.cut++;
  if (conditions.holds && line.held.length < mostHeld) line.held.push(message);
}

/** Messages keep their order, as over TCP, but for those drawn to be slow and those on slow links. */
function travel(network: Network, line: Line, message: Message): void {
  const { simulation, conditions, counts } = network;
  const nowNs = simulation.nowNs();
  let arrivalNs = nowNs + 1e6 * drawnMs(conditions.delayMs, line.rng);
  if (line.flaws.slowMs > 0) {
    arrivalNs += 1e6 * line.rng.float() * line.flaws.slowMs;
  } else if (line.rng.float() < conditions.reordering) {
    counts.reordered++;
    arrivalNs += 1e6 * drawnMs(conditions.slowMs, line.rng);
  } else {
    const { backlog = 0 } = line.flaws;
    if (backlog > 0) arrivalNs += backlog * (nowNs - line.flawedSinceNs);
    arrivalNs = Math.max(arrivalNs, line.lastArrivalNs);
    line.lastArrivalNs = arrivalNs;
  }
  simulation.quietly.after(arrivalNs - nowNs, () => {
    if (line.isCut) swallow(network, line, message);
    else message.deliver(message.isDuplicated);
  });
}
