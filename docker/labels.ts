/** Everything dtest makes in an engine carries these, so that it can be found again by anyone. */
const label = {
  run: 'dtest.run',
  owner: 'dtest.owner',
  cluster: 'dtest.cluster',
  node: 'dtest.node',
  keep: 'dtest.keep',
} as const;

/** Whose a thing is. */
export interface Mark {
  readonly runId: string;
  readonly owner: string;
  /** Unique to one start of a cluster, so that a failed start never takes down another's containers. */
  readonly cluster: string;
  readonly keep: boolean;
}

export type Labels = Readonly<Record<string, string>>;

export function labelsOf(mark: Mark, node?: string): Record<string, string> {
  return {
    [label.run]: mark.runId,
    [label.owner]: mark.owner,
    [label.cluster]: mark.cluster,
    ...(node === undefined ? {} : { [label.node]: node }),
    ...(mark.keep ? { [label.keep]: '1' } : {}),
  };
}

/** The mark that labels came from, or undefined when they are not dtest's. */
export function markOf(labels: Labels | null | undefined): Mark | undefined {
  const runId = labels?.[label.run];
  if (labels == null || runId === undefined) return undefined;
  return {
    runId,
    owner: labels[label.owner] ?? '',
    cluster: labels[label.cluster] ?? '',
    keep: labels[label.keep] === '1',
  };
}

/** A filter for the engine's lists: one cluster's things, or all of dtest's. */
export function labelFilter(cluster?: string): { label: string[] } {
  return { label: [cluster === undefined ? label.run : `${label.cluster}=${cluster}`] };
}

/** A name that the engine allows, and that says to people whose it is. */
export function nameOf(runId: string, ...parts: readonly string[]): string {
  return ['dtest', runId, ...parts].join('-').replace(/[^a-zA-Z0-9_.-]/g, '-');
}
