import { visible } from './visible.ts';

/** Text that is markup already. Only `markup` and `trusted` make it. */
export interface Markup {
  readonly markup: string;
}

/** What may stand in a template: strings are data and come out escaped. */
export type Child = Markup | string | number | null | undefined | false | readonly Child[];

/**
 * A template of HTML, SVG or XML. Whatever is put into it is escaped, unless it came out of such a
 * template itself; so no value can become markup by being forgotten. Attributes are always quoted.
 */
export function markup(parts: TemplateStringsArray, ...children: readonly Child[]): Markup {
  const pieces = [parts[0] ?? ''];
  children.forEach((child, at) => {
    render(child, pieces);
    pieces.push(parts[at + 1] ?? '');
  });
  return { markup: pieces.join('') };
}

/** Markup made elsewhere, by this package alone: never of a value that came from outside. */
export function trusted(text: string): Markup {
  return { markup: text };
}

/** Safe between tags and inside quoted attributes, in HTML and in XML. */
export function escapeText(text: string): string {
  return visible(text).replace(/[&<>"'`]/gu, (found) => `&#${String(found.charCodeAt(0))};`);
}

/**
 * JSON for a script element. No tag can open or close in it and no comment can start, and it stays a
 * JavaScript literal too (U+2028 and U+2029 end lines there).
 */
export function inlineJson(value: unknown): Markup {
  const text = JSON.stringify(value).replace(
    /[<>&\u{2028}\u{2029}]/gu,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return { markup: text };
}

function render(child: Child, into: string[]): void {
  if (child === null || child === undefined || child === false) return;
  if (typeof child === 'string') into.push(escapeText(child));
  else if (typeof child === 'number') into.push(String(child));
  else if ('markup' in child) into.push(child.markup);
  else for (const each of child) render(each, into);
}
