import type { Entry } from './entry.ts';

/** What the list shows: empty texts let everything through. */
export interface Filter {
  readonly kind: string;
  readonly system: string;
  readonly workload: string;
  readonly verdict: string;
  /** Dates, `2026-01-31`, both included. */
  readonly from: string;
  readonly to: string;
  /** From 1. */
  readonly page: number;
}

export const pageSize = 50;

export interface Page {
  readonly shown: readonly Entry[];
  readonly found: number;
  readonly page: number;
  readonly pages: number;
}

/** From a query of any content: what is not understood filters nothing. */
export function filterOf(query: Readonly<Record<string, string | undefined>>): Filter {
  const text = (name: string): string => (query[name] ?? '').trim().slice(0, 200);
  const date = (name: string): string =>
    /^\d{4}-\d{2}-\d{2}$/u.test(text(name)) ? text(name) : '';
  const page = Number(query.page ?? 1);
  return {
    ...{ kind: text('kind'), system: text('system'), workload: text('workload') },
    ...{ verdict: text('verdict'), from: date('from'), to: date('to') },
    page: Number.isInteger(page) && page > 0 ? page : 1,
  };
}

export function matching(entries: readonly Entry[], filter: Filter): readonly Entry[] {
  const { kind, system, workload, verdict, from, to } = filter;
  const same = (wanted: string, is: string): boolean => wanted === '' || wanted === is;
  return entries.filter((entry) => {
    const day = entry.startedAt.slice(0, 10);
    return (
      same(kind, entry.kind) &&
      same(system, entry.system) &&
      same(workload, entry.workload) &&
      same(verdict, entry.valid ?? entry.state) &&
      (from === '' || day >= from) &&
      (to === '' || day <= to)
    );
  });
}

/** The wanted page, or the last one. */
export function pageOf(entries: readonly Entry[], wanted: number): Page {
  const pages = Math.max(1, Math.ceil(entries.length / pageSize));
  const page = Math.min(wanted, pages);
  const shown = entries.slice((page - 1) * pageSize, page * pageSize);
  return { shown, found: entries.length, page, pages };
}

/** What a filter can be set to, in alphabetical order. */
export function choices(
  entries: readonly Entry[],
  field: 'system' | 'workload',
): readonly string[] {
  return [...new Set(entries.map((entry) => entry[field]))]
    .filter((each) => each !== '')
    .sort()
    .slice(0, 200);
}
