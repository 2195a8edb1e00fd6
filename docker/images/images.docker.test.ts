import Docker from 'dockerode';
import { afterEach, describe, expect, it } from 'vitest';
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
