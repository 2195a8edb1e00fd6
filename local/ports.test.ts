import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { isFree, reservePorts } from './ports.ts';

describe('reserved ports', () => {
  it('are as many as wanted, different and free, beyond one block too', async () => {
    await using block = await reservePorts(150);
    expect(new Set(block.ports).size).toBe(150);
    expect(await Promise.all(block.ports.map(isFree))).not.toContain(false);
  });

  it('are never given to two at once', async () => {
    const blocks = await Promise.all(Array.from({ length: 12 }, () => reservePorts(30)));
    const ports = blocks.flatMap((block) => block.ports);
    expect(new Set(ports).size).toBe(ports.length);
    await Promise.all(blocks.map((block) => block[Symbol.asyncDispose]()));
  });

  it.runIf(process.platform === 'linux')(
    'are none that outgoing connections could take',
    async () => {
      const text = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
      const [low = 0, high = 0] = text.trim().split(/\s+/).map(Number);
      await using block = await reservePorts(60);
      expect(block.ports.filter((port) => port >= low && port <= high)).toEqual([]);
    },
  );
});
