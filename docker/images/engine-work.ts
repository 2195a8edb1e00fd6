import type Docker from 'dockerode';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { statusOf } from '../errors.ts';
import { type EngineEvent, engineTranscript } from './events.ts';
import type { ContextFile } from './tags.ts';

/** No engine works in silence for longer; apt-get in a build step can be quiet for a good while. */
const buildSilenceMs = 300_000;
const pullSilenceMs = 60_000;
/** A registry that has not answered by then is taken for absent. */
const firstAnswerMs = 10_000;

/** Says which of our images one is, also when its tag is gone. */
export const imageLabel = 'dtest.image';

export interface Build {
  readonly tag: string;
  /** Text of the Dockerfile. */
  readonly recipe: string;
  readonly base: string;
  /** Of the recipe, besides `BASE`. */
  readonly arguments?: Readonly<Record<string, string>>;
  /** What the recipe copies. */
  readonly files: readonly ContextFile[];
  /** Large files, copied and not read: path in the context → where it is. */
  readonly copies?: Readonly<Record<string, string>>;
}

export async function imageId(docker: Docker, reference: string): Promise<string | undefined> {
  try {
    const image = await docker.getImage(reference).inspect();
    return image.Id;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** Rejects, with the end of the build's output, when a step fails. */
export async function buildImage(docker: Docker, build: Build): Promise<void> {
  const context = await mkdtemp(join(tmpdir(), 'dtest-build-'));
  try {
    await writeFile(join(context, 'Dockerfile'), build.recipe);
    for (const { path, content } of build.files) {
      await mkdir(dirname(join(context, path)), { recursive: true });
      await writeFile(join(context, path), content);
    }
    for (const [path, from] of Object.entries(build.copies ?? {})) {
      await copyFile(from, join(context, path));
    }
    // Without forcerm a failed step leaves its container behind.
    const options = {
      t: build.tag,
      forcerm: true,
      buildargs: { BASE: build.base, ...build.arguments },
      labels: { [imageLabel]: /([^/:]+)(?::[^/]*)?$/.exec(build.tag)?.[1] ?? '' },
    };
    const stream = await docker.buildImage({ context, src: ['.'] }, options);
    await follow(docker, stream, { what: `building ${build.tag}`, silenceMs: buildSilenceMs });
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

/** Rejects within ten seconds when no registry answers. */
export async function pullImage(docker: Docker, reference: string): Promise<void> {
  const what = `pulling ${reference}`;
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), firstAnswerMs);
  try {
    const pulled: unknown = await docker.pull(reference, { abortSignal: abort.signal });
    clearTimeout(timer);
    await follow(docker, pulled as NodeJS.ReadableStream, { what, silenceMs: pullSilenceMs });
  } catch (error) {
    if (!abort.signal.aborted) throw error;
    throw new Error(`${what}: no registry answered within ${String(firstAnswerMs / 1000)} s.`);
  } finally {
    clearTimeout(timer);
  }
}

export async function importImage(docker: Docker, tarPath: string, tag: string): Promise<void> {
  const [repo, version] = tag.split(':');
  const stream = await docker.importImage(tarPath, { repo, tag: version });
  await follow(docker, stream, { what: `importing ${tag}`, silenceMs: pullSilenceMs });
}

interface Following {
  readonly what: string;
  readonly silenceMs: number;
}

async function follow(
  docker: Docker,
  stream: NodeJS.ReadableStream,
  { what, silenceMs }: Following,
): Promise<void> {
  const transcript = engineTranscript();
  const silence = Promise.withResolvers<never>();
  const giveUp = () =>
    silence.reject(
      new Error(`${what}: the engine said nothing for ${String(silenceMs / 1000)} s; see its log.`),
    );
  let timer = setTimeout(giveUp, silenceMs);
  const finished = new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(
      stream,
      (error: Error | null) => (error === null ? resolve() : reject(error)),
      (event: EngineEvent) => {
        clearTimeout(timer);
        timer = setTimeout(giveUp, silenceMs);
        transcript.add(event);
      },
    );
  });
  try {
    await Promise.race([finished, silence.promise]);
  } finally {
    clearTimeout(timer);
    (stream as Partial<{ destroy(): void }>).destroy?.();
  }
  const failure = transcript.failure();
  if (failure !== undefined) throw new Error(`${what} failed: ${failure}`);
}
