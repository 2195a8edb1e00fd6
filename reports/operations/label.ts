import type { OpEvent } from '../../core/event.ts';
import type { Json } from '../../core/json.ts';
import { shorten } from '../markup/visible.ts';

const longest = 40;

/** An operation in a few words, whatever its workload: `write 5`, `read → 3`, `cas 2 → 5`. */
export function labelOf({ op, value }: OpEvent, complete: OpEvent | undefined): string {
  const asked =
    op === 'cas' && Array.isArray(value) ? pair(value as readonly Json[]) : plain(value);
  const answer = complete?.phase === 'ok' ? answerOf(complete) : '';
  const isNews = answer !== '' && answer !== plain(value);
  return shorten([op, asked, ...(isNews ? ['→', answer] : [])].filter(Boolean).join(' '), longest);
}

function pair([from = null, to = null]: readonly Json[]): string {
  return `${plain(from) || 'null'} → ${plain(to) || 'null'}`;
}

/** A read that found nothing says so. */
function answerOf({ op, value }: OpEvent): string {
  return value === null && op === 'read' ? 'null' : plain(value);
}

/** Nothing for null, so that a write's answer and a read's question take no room. */
function plain(value: Json): string {
  if (value === null) return '';
  // A value of megabytes is not worth being turned into text for the sake of its first characters.
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 2 * longest));
  return JSON.stringify(value).slice(0, 2 * longest);
}
