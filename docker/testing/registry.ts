import { createHash } from 'node:crypto';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

/** A registry on loopback with one image of one empty layer, for an engine to pull from. */
export interface Registry extends AsyncDisposable {
  /** Of its image. */
  readonly reference: string;
}

/** A silent one takes connections and says nothing, as one behind a bad network does. */
export async function startRegistry({ silent = false } = {}): Promise<Registry> {
  const server = createServer((request, response) => {
    if (silent) return;
    const found = documents().get(request.url ?? '');
    response.writeHead(found === undefined ? 404 : 200, {
      'content-type': found?.type ?? 'text/plain',
      'content-length': found?.content.length ?? 0,
      'docker-content-digest': found?.digest ?? '',
    });
    response.end(request.method === 'HEAD' ? undefined : found?.content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    reference: `127.0.0.1:${String(port)}/dtest-test/image:1`,
    [Symbol.asyncDispose]: () => closed(server),
  };
}

interface Document {
  readonly type: string;
  readonly content: Buffer;
  readonly digest: string;
}

function documents(): Map<string, Document> {
  // An archive without entries is its end alone.
  const archive = Buffer.alloc(1024);
  const layer = documentOf('application/vnd.docker.image.rootfs.diff.tar.gzip', gzipSync(archive));
  const config = documentOf(
    'application/vnd.docker.container.image.v1+json',
    Buffer.from(
      JSON.stringify({
        architecture: process.arch === 'x64' ? 'amd64' : process.arch,
        os: 'linux',
        config: {},
        rootfs: { type: 'layers', diff_ids: [digestOf(archive)] },
      }),
    ),
  );
  const part = ({ type, content, digest }: Document) => ({
    mediaType: type,
    size: content.length,
    digest,
  });
  const manifestType = 'application/vnd.docker.distribution.manifest.v2+json';
  const manifest = documentOf(
    manifestType,
    Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: manifestType,
        config: part(config),
        layers: [part(layer)],
      }),
    ),
  );
  const image = '/v2/dtest-test/image';
  return new Map([
    ['/v2/', documentOf('application/json', Buffer.from('{}'))],
    [`${image}/manifests/1`, manifest],
    [`${image}/manifests/${manifest.digest}`, manifest],
    [`${image}/blobs/${config.digest}`, config],
    [`${image}/blobs/${layer.digest}`, layer],
  ]);
}

function documentOf(type: string, content: Buffer): Document {
  return { type, content, digest: digestOf(content) };
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
