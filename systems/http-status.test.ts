import { type RequestListener, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Address } from '../core/cluster.ts';
import { fetchStatus } from './http-status.ts';

const status = {
  ...{ id: 'n1', role: 'leader', term: 3, leader: 'n1', commitIndex: 9, appliedIndex: 8 },
  counters: { elections: 1 },
};

let parts = new AsyncDisposableStack();

afterEach(async () => {
  await parts.disposeAsync();
  parts = new AsyncDisposableStack();
});

async function serve(answer: RequestListener): Promise<Address> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  parts.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

describe('the status of a node', () => {
  it('is what /status says, without fields that nobody asked for', async () => {
    const address = await serve((request, response) =>
      response.end(JSON.stringify({ ...status, url: request.url })),
    );
    expect(await fetchStatus(address)).toEqual(status);
  });

  it('may lack a leader', async () => {
    const { leader: _, ...rest } = status;
    const address = await serve((_request, response) =>
      response.end(JSON.stringify({ ...rest, leader: null })),
    );
    expect(await fetchStatus(address)).toEqual(rest);
  });

  it.each([
    ['text', 'hello'],
    ['no role', JSON.stringify({ ...status, role: 'king' })],
    ['no term', JSON.stringify({ ...status, term: '3' })],
    ['an index below zero', JSON.stringify({ ...status, commitIndex: -1 })],
    ['a counter that counts nothing', JSON.stringify({ ...status, counters: { x: 'y' } })],
    ['no counters', JSON.stringify({ ...status, counters: undefined })],
  ])('is refused with %s in it', async (_, body) => {
    const address = await serve((_request, response) => response.end(body));
    await expect(fetchStatus(address)).rejects.toThrow(/^expected a node's status from http/);
  });

  it('is refused with another code', async () => {
    const address = await serve((_request, response) => response.writeHead(503).end());
    await expect(fetchStatus(address)).rejects.toThrow('to answer 200, got 503');
  });

  it('is not waited for beyond the deadline', async () => {
    const address = await serve(() => undefined);
    await expect(fetchStatus(address)).rejects.toThrow(/within 500 ms: .*timeout/);
  });

  it('says why there is none', async () => {
    const address = await serve(() => undefined);
    await parts.disposeAsync();
    await expect(fetchStatus(address)).rejects.toThrow(/^no answer from http.*ECONNREFUSED/);
    parts = new AsyncDisposableStack();
  });
});
