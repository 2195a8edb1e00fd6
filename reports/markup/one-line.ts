import { clip, visible } from './visible.ts';

/** A value on one line of a terminal: clipped, and with nothing in it that a terminal obeys. */
export function oneLine(text: string, limit: number): string {
  return visible(clip(text, limit)).replace(/\s+/gu, ' ').trim();
}
