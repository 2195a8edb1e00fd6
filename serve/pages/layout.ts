import { type Markup, markup } from '../../reports/markup/markup.ts';

export interface Frame {
  readonly title: string;
  /** Which of the sections the page belongs to. */
  readonly at: 'list' | 'trends' | 'other';
}

/** What all pages share. Nothing of a page is inline: style and script are files of this server. */
export function frame({ title, at }: Frame, content: Markup): string {
  const link = (href: string, name: string, here: boolean): Markup =>
    here
      ? markup`<a href="${href}" aria-current="page">${name}</a>`
      : markup`<a href="${href}">${name}</a>`;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/style.css">
<script src="/assets/page.js" defer></script>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<nav class="bar" aria-label="dtest"><div><strong>dtest</strong>${link('/', 'Runs', at === 'list')}${link('/trends', 'Trends', at === 'trends')}</div></nav>
<main id="content">
${content}
</main>
</body>
</html>
`.markup;
}

/** A page that only says something: what went wrong, and what to do next. */
export function messagePage(title: string, text: string): string {
  return frame(
    { title, at: 'other' },
    markup`<section><h1>${title}</h1><p class="value">${text}</p><p><a href="/">All runs</a></p></section>`,
  );
}

const signs = { valid: '✓ valid', invalid: '✗ invalid', unknown: '? unknown' } as const;
const tones = { valid: 'good', invalid: 'bad', unknown: 'unsure' } as const;

/** A verdict by sign, word and colour; of what has none yet, its state. */
export function verdictMark(entry: {
  readonly valid: keyof typeof signs | null;
  readonly state: string;
}): Markup {
  if (entry.valid !== null) {
    return markup`<span class="mark ${tones[entry.valid]}">${signs[entry.valid]}</span>`;
  }
  return entry.state === 'running'
    ? markup`<span class="mark">● running</span>`
    : markup`<span class="mark faint">– ${entry.state}</span>`;
}

/** `2026-01-31 12:00` */
export function when(startedAt: string): Markup {
  const shown = startedAt.slice(0, 16).replace('T', ' ');
  return markup`<time datetime="${startedAt}">${shown}</time>`;
}
