import { describe, expect, it } from 'vitest';
import Docker from 'dockerode';
import { inspectDocker } from './doctor.ts';
import { ensureImages } from './images/index.ts';
import { belongingsOf } from './remove.ts';
import { freshRunId } from './testing/leftovers.ts';

describe('the doctor', { timeout: 600_000 }, () => {
  it('says what this engine can do, and leaves nothing behind', async () => {
    await ensureImages(new Docker(), { kind: 'bundled' }, () => undefined);
    const owner = freshRunId();
    const facts = await inspectDocker(owner);
    expect(facts.engine).toMatch(/^\d+\./);
    expect(facts.images.helper.present).toBe(true);
    expect(Object.keys(facts.linkFaults ?? {})).toEqual(['nft', 'iptables', 'iptables-legacy']);
    const all = await belongingsOf(new Docker());
    expect(all.filter(({ mark }) => mark.owner === owner)).toEqual([]);
  });
});
