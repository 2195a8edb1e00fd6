import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { Socket } from 'node:net';
import type { Address } from '../../core/cluster.ts';
import { listen } from '../listen.ts';

/** A page of the HTTP port. */
export interface Page {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Pages by path; each is made when it is asked for. */
export type Pages = Readonly<Record<string, () => Page>>;

export interface HttpServer {
  start(): Promise<void>;
  close(): Promise<void>;
}

const maxHeaderBytes = 8 << 10;
const maxConnections = 256;
const headersTimeoutMs = 5000;
const requestTimeoutMs = 10_000;
const sweepMs = 1000;

/** Serves small pages to GET and HEAD, and takes no bodies. */
export function httpServer(address: Address, pages: Pages): HttpServer {
  const server = createServer(
    {
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: sweepMs,
      noDelay: true,
    },
    (request, response) => respond(pages, request, response),
  );
  boundConnections(server);
  // Covers what the deadlines above leave open: a client that connects and says nothing, or that
  // does not read.
  server.setTimeout(requestTimeoutMs);
  return {
    start: () => listen(server, address),
    close: () => close(server),
  };
}

/** Pages are made at once, so a connection that is old is idle or slow, and makes room. */
function boundConnections(server: Server): void {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    const [eldest] = sockets;
    if (sockets.size >= maxConnections) eldest?.destroy();
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
}

function respond(pages: Pages, request: IncomingMessage, response: ServerResponse): void {
  const { method, url = '/' } = request;
  // One request a connection: a client can never pick one up that is about to be closed.
  response.shouldKeepAlive = false;
  send(response, pageFor(pages, method, url), method === 'HEAD');
}

function pageFor(pages: Pages, method: string | undefined, url: string): Page {
  if (method !== 'GET' && method !== 'HEAD') return text(405, 'expected GET or HEAD');
  const path = url.split('?', 1)[0] ?? '';
  const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
  return page?.() ?? text(404, `expected one of ${Object.keys(pages).join(', ')}`);
}

export function text(status: number, line: string): Page {
  return { status, contentType: 'text/plain; charset=utf-8', body: `${line}\n` };
}

function send(response: ServerResponse, page: Page, withoutBody: boolean): void {
  response.writeHead(page.status, {
    'content-type': page.contentType,
    'content-length': Buffer.byteLength(page.body),
    'cache-control': 'no-store',
    ...(page.status === 405 ? { allow: 'GET, HEAD' } : {}),
  });
  response.end(withoutBody ? undefined : page.body);
}

async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
