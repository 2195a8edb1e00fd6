import { type Markup, markup } from '../../reports/markup/markup.ts';
import { shorten } from '../../reports/markup/visible.ts';
import { figureText } from '../bench-figures.ts';
import type { Entry } from '../entry.ts';
import { idText } from '../paths.ts';

export interface TrendPoint {
  readonly entry: Entry;
  readonly value: number;
}

const [width, height] = [1000, 340];
const edge = { left: 84, right: 20, top: 20, bottom: 40 } as const;

/**
 * Points at equal distances, in order of time: gaps of a weekend would press a day's runs together. Each
 * is a link to its run; its verdict is told by its shape too.
 */
export function trendChart(points: readonly TrendPoint[], figure: string): Markup {
  const top = niceTop(Math.max(...points.map(({ value }) => value)));
  const x = (at: number): number =>
    edge.left + ((width - edge.left - edge.right) * (at + 0.5)) / Math.max(1, points.length);
  const y = (value: number): number =>
    height - edge.bottom - ((height - edge.top - edge.bottom) * value) / top;
  const line = points
    .map(({ value }, at) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`)
    .join(' ');
  return markup`<svg class="trend" viewBox="0 0 ${width} ${height}" role="group" aria-label="${shorten(figure, 80)} of ${points.length} runs, the oldest first">
${[0, 0.25, 0.5, 0.75, 1].map((share) => markup`<line class="grid" x1="${edge.left}" x2="${width - edge.right}" y1="${y(share * top).toFixed(1)}" y2="${y(share * top).toFixed(1)}"/><text x="${edge.left - 8}" y="${(y(share * top) + 4).toFixed(1)}" text-anchor="end">${figureText(figure, share * top)}</text>`)}
<polyline class="line" points="${line}"/>
${points.map((point, at) => pointMarkup(point, { x: x(at), y: y(point.value) }, (value) => figureText(figure, value)))}
${dates(points, x)}
</svg>
<ul class="key">${(['valid', 'invalid', null] as const).map((valid) => markup`<li><svg class="trend-key" width="16" height="16" viewBox="-8 -8 16 16" aria-hidden="true">${shape(valid, 0, 0)}</svg>${valid ?? 'unknown, or not finished'}</li>`)}</ul>`;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

function pointMarkup(
  { entry, value }: TrendPoint,
  { x, y }: Place,
  text: (value: number) => string,
): Markup {
  const label = `${entry.startedAt.slice(0, 16).replace('T', ' ')}, ${entry.valid ?? entry.state}: ${text(value)}`;
  return markup`<a href="/run/${idText(entry)}" aria-label="${label}"><title>${label}</title>${shape(entry.valid, x, y)}</a>
`;
}

/** Valid runs are dots, invalid ones crosses, all others triangles. */
function shape(valid: Entry['valid'], x: number, y: number): Markup {
  const at = (dx: number, dy: number): string => `${(x + dx).toFixed(1)} ${(y + dy).toFixed(1)}`;
  if (valid === 'valid')
    return markup`<circle class="point" cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="5"/>`;
  if (valid === 'invalid') {
    return markup`<path class="point invalid" d="M${at(-6, -3)} L${at(-3, -6)} L${at(0, -3)} L${at(3, -6)} L${at(6, -3)} L${at(3, 0)} L${at(6, 3)} L${at(3, 6)} L${at(0, 3)} L${at(-3, 6)} L${at(-6, 3)} L${at(-3, 0)} Z"/>`;
  }
  return markup`<path class="point unknown" d="M${at(0, -6)} L${at(6, 5)} L${at(-6, 5)} Z"/>`;
}

function dates(points: readonly TrendPoint[], x: (at: number) => number): readonly Markup[] {
  const days = new Set(points.map(({ entry }) => entry.startedAt.slice(0, 10)));
  const isOneDay = days.size === 1 && points.length > 1;
  const shown = [...new Set([0, Math.floor((points.length - 1) / 2), points.length - 1])];
  return shown.map((at) => {
    const started = points[at]?.entry.startedAt ?? '';
    const text = isOneDay ? started.slice(11, 16) : started.slice(0, 10);
    const anchor = at === 0 ? 'start' : at === points.length - 1 ? 'end' : 'middle';
    return markup`<text x="${x(at).toFixed(1)}" y="${height - 14}" text-anchor="${points.length === 1 ? 'middle' : anchor}">${text}</text>`;
  });
}

/** 1, 2 or 5 times a power of ten, or a step between, at or above the largest value. */
function niceTop(largest: number): number {
  if (!(largest > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(largest));
  const step = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((each) => each * power >= largest) ?? 10;
  return step * power;
}
