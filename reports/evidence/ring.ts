import type { TransactionCycle } from '../../core/evidence.ts';
import { type Markup, markup } from '../markup/markup.ts';
import { shorten } from '../markup/visible.ts';

/** With more transactions than this a ring shows nothing that the list does not. */
const mostDrawn = 16;

const nodeRadius = 26;
/** Room around the ring for the names of the dependencies. */
const margin = 74;

interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * A cycle as a ring, clockwise from the top: transactions as circles, dependencies as arrows with their
 * kinds. Null when it is too long to be drawn.
 */
export function ring(cycle: TransactionCycle, id: string): Markup | null {
  const { transactions, dependencies } = cycle;
  const count = transactions.length;
  if (count > mostDrawn) return null;
  const radius = Math.max(62, (count * (2 * nodeRadius + 44)) / (2 * Math.PI));
  const size = 2 * (radius + margin);
  const at = (turn: number, distance: number): Point => {
    const angle = 2 * Math.PI * (turn / count) - Math.PI / 2;
    const middle = size / 2;
    return { x: middle + distance * Math.cos(angle), y: middle + distance * Math.sin(angle) };
  };
  // The angle that a circle and the tip of its arrow take up, in turns of one transaction.
  const gap = ((nodeRadius + 5) / radius / (2 * Math.PI)) * count;
  const arrows = dependencies.map(({ kind }, from) => {
    const [start, end] = [at(from + gap, radius), at(from + 1 - gap, radius)];
    const isLong = count === 1 ? 1 : 0;
    const name = at(from + 0.5, radius + 14);
    const aside = name.x - size / 2;
    const anchor = Math.abs(aside) < 8 ? 'middle' : aside > 0 ? 'start' : 'end';
    return markup`<path class="arrow ${kind}" d="M ${round(start)} A ${radius} ${radius} 0 ${isLong} 1 ${round(end)}" marker-end="url(#${id}-tip)"/><text class="kind" text-anchor="${anchor}" x="${fixed(name.x)}" y="${fixed(name.y + 5)}">${kind}</text>
`;
  });
  const circles = transactions.map(({ name, phase }, place) => {
    const { x, y } = at(place, radius);
    return markup`<circle class="transaction ${phase}" cx="${fixed(x)}" cy="${fixed(y)}" r="${nodeRadius}"/><text class="name" x="${fixed(x)}" y="${fixed(y + 5)}">${shorten(name, 5)}</text>
`;
  });
  const names = transactions.map(({ name }) => shorten(name, 12)).join(', ');
  return markup`<svg class="ring" viewBox="0 0 ${fixed(size)} ${fixed(size)}" width="${fixed(size)}" height="${fixed(size)}" role="img" aria-labelledby="${id}-title"><title id="${id}-title">A circle of dependencies: ${names}, and back</title>
<defs><marker id="${id}-tip" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path class="tip" d="M 0 0 L 10 5 L 0 10 z"/></marker></defs>
${arrows}${circles}</svg>`;
}

function round({ x, y }: Point): string {
  return `${fixed(x)} ${fixed(y)}`;
}

function fixed(value: number): string {
  return value.toFixed(1);
}
