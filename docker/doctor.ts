import { randomBytes } from 'node:crypto';
import { type Engine, connectEngine } from './engine.ts';
import { reachOfEngine } from './endpoint.ts';
import { messageOf } from './errors.ts';
import { bootstrapMissing } from './images/debian.ts';
import { imageId } from './images/engine-work.ts';
import { ownReferences } from './images/index.ts';
import { labelsOf, nameOf } from './labels.ts';
import { mechanisms } from './link-rules.ts';
import { type LinkEnd, prepare } from './network.ts';
import { startSandbox } from './pod.ts';
import { belongingsOf, removeAll } from './remove.ts';
import { shellIn } from './shell.ts';

/** What this machine's Docker can do. Of several possibilities each says why not, or null when it can. */
export interface DockerFacts {
  readonly engine: string;
  readonly api: string;
  /** How dtest gets at the nodes' ports. */
  readonly reach: 'address' | 'published';
  readonly images: Readonly<Record<'helper' | 'bundled', ImageFact>>;
  /** Why images cannot be built where no registry answers, or null. */
  readonly buildWithoutRegistry: string | null;
  /** Ways to cut links, in order of preference; undefined while there is no helper image to try with. */
  readonly linkFaults: Readonly<Record<string, string | null>> | undefined;
}

export interface ImageFact {
  readonly reference: string;
  readonly present: boolean;
}

/** Tries out what this machine's Docker can do; rejects when there is no engine. Leaves nothing behind. */
export async function inspectDocker(owner: string): Promise<DockerFacts> {
  const engine = await connectEngine();
  const { docker, version, apiVersion } = engine;
  const references = await ownReferences();
  const fact = async (reference: string) => ({
    reference,
    present: (await imageId(docker, reference)) !== undefined,
  });
  const images = {
    helper: await fact(references.helper),
    bundled: await fact(references.bundled),
  };
  return {
    engine: version,
    api: apiVersion,
    reach: (await reachOfEngine(docker)).kind,
    images,
    buildWithoutRegistry: await bootstrapMissing(),
    linkFaults: images.helper.present
      ? await tryMechanisms(engine, images.helper.reference, owner)
      : undefined,
  };
}

/** Tries each mechanism in a container that is connected to nothing. */
async function tryMechanisms(
  { docker, streams }: Engine,
  image: string,
  owner: string,
): Promise<Record<string, string | null>> {
  const cluster = randomBytes(6).toString('hex');
  const runId = `doctor-${cluster}`;
  const labels = labelsOf({ runId, owner, cluster, keep: false });
  try {
    const container = await startSandbox(docker, { name: nameOf(runId), image, labels });
    const end: LinkEnd = {
      id: 'n1',
      address: '10.0.0.1',
      shell: shellIn(streams.getContainer(container.id), runId),
    };
    const peer: LinkEnd = { ...end, id: 'n2', address: '10.0.0.2' };
    const found: Record<string, string | null> = {};
    for (const mechanism of mechanisms) {
      found[mechanism.name] = await prepare(end, [end, peer], mechanism).then(
        () => null,
        messageOf,
      );
    }
    end.shell.close();
    return found;
  } finally {
    await removeAll(() => belongingsOf(docker, cluster));
  }
}
