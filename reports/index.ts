import type { Reporter } from '../core/reporter.ts';
import { charts } from './charts.ts';
import { html } from './html.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';

/** Every reporter by its name. */
export const reporters: Readonly<Record<string, Reporter>> = { charts, html, junit, markdown };
