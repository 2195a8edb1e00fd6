import { type Profiler, Session } from 'node:inspector/promises';

/** What a sample of the profiler belongs to, and its share of all of them. */
export type Share = readonly [part: string, share: number];

/** Where the time goes while the work is done, the largest share first. */
export async function sharesOf(work: () => Promise<unknown>): Promise<readonly Share[]> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
    await work();
    const { profile } = await session.post('Profiler.stop');
    return tally(profile);
  } finally {
    session.disconnect();
  }
}

type Frame = Pick<Profiler.ProfileNode['callFrame'], 'functionName' | 'url'>;

export function tally({
  nodes,
  samples = [],
  timeDeltas = [],
}: Profiler.Profile): readonly Share[] {
  const partOfNode = new Map<number, string>();
  const walk = (node: Profiler.ProfileNode, caller: string): void => {
    const part = partOf(node.callFrame) ?? caller;
    partOfNode.set(node.id, part);
    for (const child of node.children ?? []) {
      const below = byId.get(child);
      if (below !== undefined) walk(below, part);
    }
  };
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const [root] = nodes;
  if (root !== undefined) walk(root, 'Node.js');
  const times = new Map<string, number>();
  let total = 0;
  for (const [at, sample] of samples.entries()) {
    const part = partOfNode.get(sample) ?? 'Node.js';
    if (part === 'idle') continue;
    const time = timeDeltas[at] ?? 0;
    total += time;
    times.set(part, (times.get(part) ?? 0) + time);
  }
  const shares = [...times].map(([part, time]): Share => [part, total === 0 ? 0 : time / total]);
  return shares.sort(([, one], [, other]) => other - one);
}

/**
 * By the nearest caller that is named here: a library's time is that of whoever called it. The first
 * that fits counts.
 */
const parts: readonly (readonly [RegExp, string])[] = [
  [/\/wire\/frame-payload/, 'encoding'],
  [/\/host\/wal\/|\/simulator\/(drive|mounted-disk)/, 'log and disk'],
  [/\/protocols\/.*invariants|\/simulator\/watches|\/core\/same-data/, 'invariants'],
  [/\/protocols\//, 'protocol'],
  [/\/systems\/|\/wire\/resp|\/host\/resp\/|\/simulator\/(client-lines|byte-strings)/, 'clients'],
  [/\/checkers\/|\/runner\/(judge|stats|vacuity|latencies)/, 'checker and figures'],
  [/\/runner\/|\/workloads\/|\/generators\/|\/nemesis\//, 'runner'],
  [/\/host\//, 'loop'],
  [/\/simulator\//, 'virtual time and network'],
];

/** Undefined for what belongs to its caller. */
export function partOf({ functionName, url }: Frame): string | undefined {
  if (functionName === '(garbage collector)') return 'garbage collector';
  if (functionName === '(idle)') return 'idle';
  if (/^node:internal\/(timers|process\/task_queues)/.test(url)) return 'Node.js';
  if (url.includes('/node_modules/')) return undefined;
  return parts.find(([pattern]) => pattern.test(url))?.[1];
}
