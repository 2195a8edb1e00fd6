import type { Json } from '../core/json.ts';
import type { ThresholdResult } from '../core/run.ts';
import { clip } from './markup/visible.ts';

/** Figures as people read them. The locale is fixed, so that reports do not depend on the machine. */
export function count(value: number): string {
  return Number.isFinite(value) ? value.toLocaleString('en-US') : '–';
}

/** Three digits that count, of microseconds, milliseconds or seconds. A dash for no figure. */
export function duration(valueMs: number): string {
  if (!Number.isFinite(valueMs)) return '–';
  if (valueMs > 0 && valueMs < 0.1) return `${digits(valueMs * 1000)} µs`;
  return valueMs < 1000 ? `${digits(valueMs)} ms` : `${digits(valueMs / 1000)} s`;
}

export function rate(perSecond: number): string {
  return Number.isFinite(perSecond) ? `${digits(perSecond)}/s` : '–';
}

/** What a threshold's figure came to, in its unit: exact enough to tell it from the limit. */
export function measuredFigure({ text, measured }: ThresholdResult): string {
  if (!Number.isFinite(measured)) return '–';
  const unit = text.startsWith('throughput') ? '/s' : text.startsWith('errors') ? ' %' : ' ms';
  return `${String(Number(measured.toPrecision(5)))}${unit}`;
}

/** Three digits that count, with thousands separated. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

/** `1 fault`, `2 faults`. */
export function plural(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** A value as JSON on one line, cut short with a note where it is longer than `limit`. */
export function jsonText(value: Json | undefined, limit: number): string {
  if (value === undefined) return '–';
  return clip(JSON.stringify(value), limit);
}

/** Plain words where they do, JSON where not: for tables of facts. */
export function plainText(value: Json | undefined, limit: number): string {
  return typeof value === 'string' ? clip(value, limit) : jsonText(value, limit);
}

/** `errors 12, leader changes 2`: an object of figures in words, without what is zero. */
export function listing(values: Readonly<Record<string, Json | undefined>>, limit: number): string {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined && value !== 0);
  const words = entries.map(([name, value]) => {
    const spaced = name.replace(
      /([a-z])([A-Z])/gu,
      (_, a: string, b: string) => `${a} ${b.toLowerCase()}`,
    );
    return `${spaced} ${typeof value === 'number' ? digits(value) : plainText(value, limit)}`;
  });
  return clip(words.join(', '), limit);
}
