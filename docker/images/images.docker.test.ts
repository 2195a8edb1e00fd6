import Docker from 'dockerode';
import { afterEach, describe, expect, it } from 'vitest';
import { startRegistry } from '../testing/registry.ts';
import { buildImage, imageId } from './engine-work.ts';
import { ensureImages } from './index.ts';

const docker = new Docker();

describe('our images', { timeout: 600_000 }, () => {
  it('are made once and used from then on, without a word', async () => {
    const first = await ensureImages(docker, { kind: 'bundled' }, () => undefined);
    const said: string[] = [];
    expect(await ensureImages(docker, { kind: 'bundled' }, (line) => said.push(line))).toEqual(
      first,
    );
    expect(said).toEqual([]);
  });

  it('serve as the user’s image when they are here, without a registry', async () => {
    const { helper } = await ensureImages(docker, { kind: 'bundled' }, () => undefined);
    const spec = { kind: 'registry', reference: helper.reference } as const;
    expect((await ensureImages(docker, spec, () => undefined)).system).toEqual(helper);
  });
});

describe('a public image', { timeout: 60_000 }, () => {
  it('is pulled where it is not here, and used from then on', async () => {
    await using registry = await startRegistry();
    const spec = { kind: 'registry', reference: registry.reference } as const;
    const said: string[] = [];
    const { system } = await ensureImages(docker, spec, (line) => said.push(line));
    try {
      expect(said[0]).toBe(`pulling image ${registry.reference} …`);
      expect(system).toEqual({
        reference: registry.reference,
        id: await imageId(docker, registry.reference),
      });
      said.length = 0;
      expect((await ensureImages(docker, spec, (line) => said.push(line))).system).toEqual(system);
      expect(said).toEqual([]);
    } finally {
      await docker.getImage(registry.reference).remove();
    }
  });

  it('that the registry does not have is missed by name', async () => {
    await using registry = await startRegistry();
    const reference = registry.reference.replace('image:1', 'other:1');
    const pulling = ensureImages(docker, { kind: 'registry', reference }, () => undefined);
    await expect(pulling).rejects.toThrow(`Expected the image ${reference}`);
  });

  it('is not waited for long where the registry is silent', async () => {
    await using registry = await startRegistry({ silent: true });
    const pulling = ensureImages(
      docker,
      { kind: 'registry', reference: registry.reference },
      () => undefined,
    );
    await expect(pulling).rejects.toThrow('no registry answered within 10 s');
  });
});

describe('a build', { timeout: 60_000 }, () => {
  const tag = 'dtest/test-build:1';
  afterEach(async () => {
    if ((await imageId(docker, tag)) !== undefined) await docker.getImage(tag).remove();
  });
  const build = async (recipe: string) => {
    const { helper } = await ensureImages(docker, { kind: 'bundled' }, () => undefined);
    const files = [{ path: 'folder/file', content: Buffer.from('content') }];
    await buildImage(docker, { tag, recipe, base: helper.reference, files });
  };

  it('gives an image of the files', async () => {
    await build('ARG BASE\nFROM ${BASE}\nCOPY folder /folder\nRUN grep content /folder/file');
    expect(await imageId(docker, tag)).toMatch(/^sha256:/);
  });

  it('that fails rejects with the end of its output, and leaves no container', async () => {
    const containers = async () =>
      (await docker.listContainers({ all: true })).filter(({ Command }) => Command.includes('woe'));
    const recipe = 'ARG BASE\nFROM ${BASE}\nRUN echo woe is me; exit 7';
    await expect(build(recipe)).rejects.toThrow(
      /building dtest\/test-build:1 failed: .*7.*woe is me/s,
    );
    expect(await imageId(docker, tag)).toBeUndefined();
    expect(await containers()).toEqual([]);
  });
});
