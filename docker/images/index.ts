import type Docker from 'dockerode';
import { execa } from 'execa';
import { readFile } from 'node:fs/promises';
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ImageSpec } from '../../core/system.ts';
import { messageOf } from '../errors.ts';
import { bundledFiles } from './bundle.ts';
import { debianReference, ensureDebian } from './debian.ts';
import { buildImage, imageId, imageLabel, pullImage } from './engine-work.ts';
import { type Report, withProgress } from './progress.ts';
import { contentTag } from './tags.ts';

/** The public images that ours are built on where a registry answers. */
const publicBase = { debian: 'debian:bookworm-slim', bundled: 'node:24-slim' };

export interface ReadyImage {
  readonly reference: string;
  /** The engine's digest of the image's content. */
  readonly id: string;
}

export interface ReadyImages {
  /** Runs each node's holder. */
  readonly helper: ReadyImage;
  /** Runs the system under test. */
  readonly system: ReadyImage;
}

/**
 * Makes sure that the engine has the images that a system needs: uses what is there, else pulls,
 * else builds. Rejects with the reason and the remedy when none of it is possible.
 */
export async function ensureImages(
  docker: Docker,
  spec: ImageSpec,
  report: Report,
): Promise<ReadyImages> {
  const helper = await ensureHelper(docker, report);
  return { helper, system: await ensureSystem(docker, spec, report) };
}

function ensureSystem(docker: Docker, spec: ImageSpec, report: Report): Promise<ReadyImage> {
  switch (spec.kind) {
    case 'bundled':
      return ensureBundled(docker, report);
    case 'packages':
      return ensurePackaged(docker, spec.packages, report);
    case 'registry':
      return ensureForeign(docker, spec, report);
  }
}

/** The reference that the running package's images have, whether they exist or not. */
export async function ownReferences(): Promise<{
  readonly helper: string;
  readonly bundled: string;
}> {
  const helper = await recipeOf('helper');
  const bundled = await bundledContext();
  return { helper: helper.reference, bundled: bundled.reference };
}

async function ensureHelper(docker: Docker, report: Report): Promise<ReadyImage> {
  const { reference, recipe } = await recipeOf('helper');
  return ensureBuilt(docker, reference, async () => {
    const base = await baseFor(docker, publicBase.debian, report, () =>
      ensureDebian(docker, report),
    );
    await withProgress(`building image ${reference}`, report, () =>
      buildImage(docker, { tag: reference, recipe, base, files: [] }),
    );
  });
}

async function ensureBundled(docker: Docker, report: Report): Promise<ReadyImage> {
  const { reference, recipe, files } = await bundledContext();
  return ensureBuilt(docker, reference, async () => {
    const base = await baseFor(docker, publicBase.bundled, report, () =>
      ensureNode(docker, report),
    );
    await withProgress(`building image ${reference}`, report, () =>
      buildImage(docker, { tag: reference, recipe, base, files }),
    );
    await removeOldBundles(docker);
  });
}

const hourSeconds = 3600;

/**
 * Every change of the code makes another image of some megabytes, which nobody wants after a week; and
 * two runs that make the same one leave the slower one's without a name. An image that is being made
 * has none yet either, so these are left alone for an hour.
 */
async function removeOldBundles(docker: Docker): Promise<void> {
  const images = await docker.listImages({ filters: { label: [`${imageLabel}=bundled`] } });
  const nowSeconds = Date.now() / 1000;
  const unwanted = images.filter(({ Created: created, RepoTags: tags }) => {
    const isNamed = (tags ?? []).some((tag) => tag !== '<none>:<none>');
    return nowSeconds - created > (isNamed ? 7 * 24 * hourSeconds : hourSeconds);
  });
  // An image that a container still uses is refused, which is as it should be.
  await Promise.allSettled(unwanted.map(({ Id: id }) => docker.getImage(id).remove()));
}

/** Node.js on our own Debian: the binary that runs dtest now, which therefore needs no download. */
async function ensureNode(docker: Docker, report: Report): Promise<string> {
  const { recipe } = await recipeOf('node');
  const binary = nodeBinary();
  const { stdout: version } = await execa(binary, ['--version'], { timeout: 10_000 });
  const reference = `dtest/node:${version.replace(/^v/, '')}`;
  await ensureBuilt(docker, reference, async () => {
    const base = await ensureDebian(docker, report);
    await withProgress(`building image ${reference}`, report, () =>
      buildImage(docker, { tag: reference, recipe, base, files: [], copies: { node: binary } }),
    );
  });
  return reference;
}

/** A public image; or one from packages, which is used without asking a registry once it was made. */
async function ensureForeign(
  docker: Docker,
  { reference, packages }: ForeignImage,
  report: Report,
): Promise<ReadyImage> {
  if (packages === undefined) return ensurePulled(docker, reference, report);
  const { reference: ours } = await packagedRecipe(packages);
  for (const known of [reference, ours]) {
    const id = await imageId(docker, known);
    if (id !== undefined) return { reference: known, id };
  }
  // Where even the base had to be made from packages, asking for this one would only cost time.
  if ((await imageId(docker, debianReference)) === undefined) {
    const pulled = await ensurePulled(docker, reference, report).catch(() => undefined);
    if (pulled !== undefined) return pulled;
  }
  return ensurePackaged(docker, packages, report);
}

/** Programs from Debian's packages, on a Debian from a registry or, where none answers, on our own. */
async function ensurePackaged(
  docker: Docker,
  packages: readonly string[],
  report: Report,
): Promise<ReadyImage> {
  const { reference, recipe } = await packagedRecipe(packages);
  return ensureBuilt(docker, reference, async () => {
    const base = await baseFor(docker, publicBase.debian, report, () =>
      ensureDebian(docker, report),
    );
    await withProgress(`building image ${reference}`, report, () =>
      buildImage(docker, {
        ...{ tag: reference, recipe, base, files: [] },
        arguments: { PACKAGES: packages.join(' ') },
      }),
    );
  });
}

type ForeignImage = Extract<ImageSpec, { readonly kind: 'registry' }>;

async function ensurePulled(
  docker: Docker,
  reference: string,
  report: Report,
): Promise<ReadyImage> {
  return ensureBuilt(docker, reference, async () => {
    try {
      await withProgress(`pulling image ${reference}`, report, () => pullImage(docker, reference));
    } catch (cause) {
      throw new Error(
        `Expected the image ${reference}, which is not on this machine and could not be pulled: ` +
          `${messageOf(cause)} Check the name, connect to a registry, or load it with docker load.`,
        { cause },
      );
    }
  });
}

async function ensureBuilt(
  docker: Docker,
  reference: string,
  make: () => Promise<void>,
): Promise<ReadyImage> {
  const found = await imageId(docker, reference);
  if (found !== undefined) return { reference, id: found };
  await make();
  const id = await imageId(docker, reference);
  if (id === undefined) {
    throw new Error(
      `Expected the engine to have the image ${reference} now, got none. See its log.`,
    );
  }
  return { reference, id };
}

/**
 * A public image if it is here or a registry has it, else one made from Debian's packages. What was
 * made from packages before is used without asking the registry again.
 */
async function baseFor(
  docker: Docker,
  publicImage: string,
  report: Report,
  fromPackages: () => Promise<string>,
): Promise<string> {
  if ((await imageId(docker, publicImage)) !== undefined) return publicImage;
  if ((await imageId(docker, debianReference)) !== undefined) return fromPackages();
  try {
    await withProgress(`pulling image ${publicImage}`, report, () =>
      pullImage(docker, publicImage),
    );
    return publicImage;
  } catch (pulling) {
    report(`no registry has ${publicImage} for us; building from Debian's packages instead`);
    return fromPackages().catch((building: unknown) => {
      throw new Error(
        `A base image is needed and neither way worked.\n` +
          `From a registry: ${messageOf(pulling)}\nFrom Debian's packages: ${messageOf(building)}`,
        { cause: building },
      );
    });
  }
}

async function recipeOf(name: string): Promise<{ reference: string; recipe: string }> {
  const recipe = await readFile(join(import.meta.dirname, name, 'Dockerfile'), 'utf8');
  const tag = contentTag([{ path: 'Dockerfile', content: Buffer.from(recipe) }]);
  return { reference: `dtest/${name}:${tag}`, recipe };
}

async function packagedRecipe(
  packages: readonly string[],
): Promise<{ reference: string; recipe: string }> {
  const recipe = await readFile(join(import.meta.dirname, 'packages', 'Dockerfile'), 'utf8');
  const tag = contentTag([
    { path: 'Dockerfile', content: Buffer.from(recipe) },
    { path: 'packages', content: Buffer.from(packages.join('\n')) },
  ]);
  return { reference: `dtest/${packages.join('-')}:${tag}`, recipe };
}

async function bundledContext() {
  const { recipe } = await recipeOf('bundled');
  const files = bundledFiles(join(import.meta.dirname, '..', '..')).map((file) => ({
    ...file,
    path: `dtest/${file.path}`,
  }));
  const tag = contentTag([...files, { path: 'Dockerfile', content: Buffer.from(recipe) }]);
  return { reference: `dtest/bundled:${tag}`, recipe, files };
}

/** The npm package `node` holds the binary itself; a host's own `node` may need its host's libraries. */
function nodeBinary(): string {
  try {
    return realpathSync(createRequire(import.meta.url).resolve('node/bin/node'));
  } catch {
    return realpathSync(process.execPath);
  }
}
