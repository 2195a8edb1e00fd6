import type { Administration } from '../core/protocol.ts';
import type { Administered } from '../core/system.ts';
import type { RespConnection, Words } from '../wire/resp-line.ts';

/** Puts an administrator's request to a node on a connection of its own. Never rejects. */
export async function administer(
  open: (timeoutMs: number) => Promise<RespConnection>,
  request: Administration,
  timeoutMs: number,
): Promise<Administered> {
  try {
    const connection = await open(timeoutMs);
    const answer = await connection.ask([wordsOf(request)], timeoutMs);
    connection.close();
    if (answer.kind === 'lost') return { kind: 'unknown', said: answer.reason };
    const [reply] = answer.replies;
    if (reply?.kind === 'status') return { kind: 'done', said: reply.text };
    if (reply?.kind !== 'error') return { kind: 'unknown', said: JSON.stringify(reply) };
    const isRefusal = refusals.test(reply.text);
    return { kind: isRefusal ? 'refused' : 'unknown', said: reply.text };
  } catch (error) {
    return { kind: 'refused', said: (error as Error).message };
  }
}

/** Errors by which a node says that nothing has changed, and nothing will. */
const refusals = /^(NOTLEADER|BUSY|UNDERWAY|IMPOSSIBLE|GAVEUP) /;

function wordsOf(request: Administration): Words {
  if (request.op === 'members') return ['MEMBERS', 'SET', ...request.nodes];
  return ['TRANSFER', request.to];
}
