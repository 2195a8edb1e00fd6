import type { JsonObject } from '../../core/json.ts';
import { plainText } from '../figures.ts';
import { type Markup, markup } from '../markup/markup.ts';
import { clip } from '../markup/visible.ts';

/** Names and values, whatever they are, each cut short where it is long. */
export function factList(facts: JsonObject): Markup {
  const entries = Object.entries(facts).filter(([, value]) => value !== undefined);
  return markup`<dl class="facts">${entries
    .slice(0, 200)
    .map(
      ([name, value]) =>
        markup`<dt class="value">${clip(name, 80)}</dt><dd class="value">${plainText(value, 2000)}</dd>`,
    )}</dl>`;
}
