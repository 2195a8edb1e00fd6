import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { type AppOptions, app } from './app.ts';
import { newToken } from './guard.ts';

export interface ServerOptions extends Pick<
  AppOptions,
  'store' | 'hostname' | 'remote' | 'compare' | 'watch'
> {
  /** 0 takes any that is free. */
  readonly port: number;
}

/** Disposing it ends what is under way and frees the port. */
export interface RunningServer extends AsyncDisposable {
  readonly url: string;
}

/** Resolves once it listens; rejects where it cannot. */
export async function startServer({ port, ...options }: ServerOptions): Promise<RunningServer> {
  const stopping = new AbortController();
  const { fetch } = app({ ...options, token: newToken(), signal: stopping.signal });
  const { hostname } = options;
  const { server, address } = await new Promise<{ server: Server; address: AddressInfo }>(
    (resolve, reject) => {
      const server = serve({ fetch, hostname, port }, (address) => {
        resolve({ server, address });
      }) as Server;
      server.once('error', reject);
    },
  );
  const host = hostname.includes(':') ? `[${hostname}]` : hostname;
  return {
    url: `http://${host}:${address.port}/`,
    async [Symbol.asyncDispose]() {
      stopping.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
