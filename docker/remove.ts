import type Docker from 'dockerode';
import { messageOf, unless } from './errors.ts';
import { type Labels, type Mark, labelFilter, markOf } from './labels.ts';

/** Something in the engine that dtest made. */
export interface Belonging {
  readonly kind: 'container' | 'volume' | 'network';
  readonly id: string;
  readonly mark: Mark;
  remove(): Promise<unknown>;
}

const removeTimeoutMs = 30_000;
const betweenRoundsMs = 100;

/** What the engine has of one cluster, or of dtest altogether. */
export async function belongingsOf(docker: Docker, cluster?: string): Promise<Belonging[]> {
  const filters = labelFilter(cluster);
  const [containers, { Volumes: volumes }, networks] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listVolumes({ filters }),
    docker.listNetworks({ filters }),
  ]);
  return [
    ...containers.flatMap(({ Id: id, Labels: labels }) =>
      belonging('container', id, labels, () =>
        docker.getContainer(id).remove({ force: true, v: true }),
      ),
    ),
    // The engine says null where it has no volume at all.
    ...((volumes as typeof volumes | null) ?? []).flatMap(({ Name: id, Labels: labels }) =>
      belonging('volume', id, labels, () => docker.getVolume(id).remove({ force: true })),
    ),
    ...networks.flatMap(({ Id: id, Labels: labels }) =>
      belonging('network', id, labels, () => docker.getNetwork(id).remove()),
    ),
  ];
}

/**
 * Removes what `find` finds until it finds nothing more, so it does not matter what is already gone,
 * half gone, or being removed by somebody else. Resolves with all that was there.
 */
export async function removeAll(find: () => Promise<Belonging[]>): Promise<Belonging[]> {
  const seen = new Map<string, Belonging>();
  const deadlineMs = performance.now() + removeTimeoutMs;
  for (;;) {
    const found = await find();
    if (found.length === 0) return [...seen.values()];
    for (const each of found) seen.set(each.id, each);
    const problems = await removeOnce(found);
    if (performance.now() > deadlineMs) throw stuck(found, problems);
    if (problems.length > 0) await new Promise((resolve) => setTimeout(resolve, betweenRoundsMs));
  }
}

/** Volumes and networks are free only once their containers are gone. */
async function removeOnce(found: readonly Belonging[]): Promise<unknown[]> {
  const containers = found.filter((each) => each.kind === 'container');
  const others = found.filter((each) => each.kind !== 'container');
  return [...(await removeEach(containers)), ...(await removeEach(others))];
}

async function removeEach(found: readonly Belonging[]): Promise<unknown[]> {
  const outcomes = await Promise.allSettled(found.map((each) => unless(each.remove(), 404)));
  return outcomes.filter((each) => each.status === 'rejected').map((each): unknown => each.reason);
}

function stuck(found: readonly Belonging[], problems: readonly unknown[]): Error {
  const names = found.map((each) => `${each.kind} ${each.id.slice(0, 60)}`);
  return new Error(
    `Expected everything to be removed within ${String(removeTimeoutMs / 1000)} s, still there: ` +
      `${names.join(', ')}.\n${problems.map(messageOf).join('\n')}\nRun dtest clean later.`,
  );
}

function belonging(
  kind: Belonging['kind'],
  id: string,
  labels: Labels | null | undefined,
  remove: () => Promise<unknown>,
): Belonging[] {
  const mark = markOf(labels);
  return mark === undefined ? [] : [{ kind, id, mark, remove }];
}
