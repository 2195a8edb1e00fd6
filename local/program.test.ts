import { describe, expect, it } from 'vitest';
import { heartbeats, openStage } from './fixtures/heartbeats.ts';

describe('a system that cannot run in this world', () => {
  it('is refused with the remedy where its program is missing', async () => {
    await using stage = await openStage();
    const program = { name: 'no-such-program', remedy: 'Get it from your shop.' };
    const system = { ...heartbeats, launch: { ...heartbeats.launch, program } };
    await expect(stage.start({ system })).rejects.toThrow(
      'expected the program no-such-program of heartbeats in a folder of PATH, it is in none. Get it from your shop.',
    );
  });

  it('is refused where links are to be cut that cannot lead through proxies', async () => {
    await using stage = await openStage();
    const system = { ...heartbeats, launch: { ...heartbeats.launch, sharesAddresses: true } };
    await expect(stage.start({ system })).rejects.toThrow('use --world docker');
  });
});
