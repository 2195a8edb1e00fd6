import type { Envelope, ProxyAnswers, ProxyRequest, ReplyEnvelope } from './messages.ts';
import { type Mesh, openMesh } from './mesh.ts';

/**
 * The proxies' own process: `main.ts [keep]`, spoken to over Node's channel between parent and child.
 * It is apart from the load generator, so that neither slows down the other. Without its parent it
 * ends, unless the cluster is kept.
 */
let mesh: Mesh | undefined;

process.on('message', (envelope: Envelope) => void reply(envelope));
process.on('disconnect', () => {
  if (process.argv[2] !== 'keep') process.exit(0);
});

async function reply({ id, request }: Envelope): Promise<void> {
  const envelope: ReplyEnvelope = await answer(request).then(
    (answer) => ({ id, answer }),
    (error: unknown) => ({ id, error: error instanceof Error ? error.message : String(error) }),
  );
  if (process.connected) process.send?.(envelope);
}

async function answer(request: ProxyRequest): Promise<ProxyAnswers[ProxyRequest['kind']]> {
  if (request.kind === 'open') {
    mesh = await openMesh(request.routes);
    return mesh.dial;
  }
  if (mesh === undefined) throw new Error(`expected \`open\` before \`${request.kind}\``);
  return request.kind === 'apply' ? mesh.apply(request.cut) : mesh.held();
}
