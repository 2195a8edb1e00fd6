import type { Link, LinkState } from '../core/cluster.ts';
import type { NetworkConditions } from '../core/conditions.ts';
import type { NodeId } from '../core/node-id.ts';
import type { Rng } from '../core/rng.ts';
import { drawnMs } from './mounted-disk.ts';
import type { Simulation } from './virtual-time.ts';

/** The network between the nodes: each directed link for itself, with draws of its own. */
export interface Links {
  /** May lose the message, deliver it late, twice, or over another one. */
  send(from: NodeId, to: NodeId, deliver: () => void): void;
  apply(state: LinkState): void;
  readonly counts: LinkCounts;
}

export interface LinkCounts {
  sent: number;
  lost: number;
  duplicated: number;
  reordered: number;
  /** Swallowed by a cut, or held back by it. */
  cut: number;
}

interface Line {
  readonly rng: Rng;
  isCut: boolean;
  /** What a cut holds back, in order. */
  held: (() => void)[];
  lastArrivalNs: number;
}

/** A link that is cut holds so many messages, as the buffers of a connection would. */
const mostHeld = 1000;

export function links(simulation: Simulation, conditions: NetworkConditions, rng: Rng): Links {
  const lines = new Map<string, Line>();
  const counts: LinkCounts = { sent: 0, lost: 0, duplicated: 0, reordered: 0, cut: 0 };

  const lineOf = (from: NodeId, to: NodeId): Line => {
    const name = nameOf({ from, to });
    let line = lines.get(name);
    if (line === undefined) {
      line = { rng: rng.split(name), isCut: false, held: [], lastArrivalNs: 0 };
      lines.set(name, line);
    }
    return line;
  };

  const swallow = (line: Line, deliver: () => void): void => {
    counts.cut++;
    if (conditions.holds && line.held.length < mostHeld) line.held.push(deliver);
  };

  const travel = (line: Line, deliver: () => void): void => {
    const nowNs = simulation.nowNs();
    let arrivalNs = nowNs + 1e6 * drawnMs(conditions.delayMs, line.rng);
    if (line.rng.float() < conditions.reordering) {
      counts.reordered++;
      arrivalNs += 1e6 * drawnMs(conditions.slowMs, line.rng);
    } else {
      arrivalNs = Math.max(arrivalNs, line.lastArrivalNs);
      line.lastArrivalNs = arrivalNs;
    }
    simulation.after(arrivalNs - nowNs, () => {
      if (line.isCut) swallow(line, deliver);
      else deliver();
    });
  };

  return {
    counts,
    send(from, to, deliver) {
      const line = lineOf(from, to);
      counts.sent++;
      if (line.isCut) {
        swallow(line, deliver);
        return;
      }
      if (line.rng.float() < conditions.loss) {
        counts.lost++;
        return;
      }
      travel(line, deliver);
      if (line.rng.float() >= conditions.duplication) return;
      counts.duplicated++;
      travel(line, deliver);
    },
    apply({ cut }) {
      for (const { from, to } of cut) lineOf(from, to);
      const wanted = new Set(cut.map(nameOf));
      for (const [name, line] of lines) {
        line.isCut = wanted.has(name);
        if (!line.isCut) for (const deliver of line.held.splice(0)) travel(line, deliver);
      }
    },
  };
}

function nameOf({ from, to }: Link): string {
  return `${from}>${to}`;
}
