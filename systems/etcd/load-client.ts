import type { Address } from '../../core/cluster.ts';
import type { LoadClient, LoadClientOptions } from '../../core/load-client.ts';
import { type CallResult, type GrpcSession, openGrpc } from './grpc-session.ts';
import { type Call, putCall, rangeCall, readRange } from './messages.ts';

type Doing = 'nothing' | 'read' | 'write';

/** After this an answer is not waited for any more even where nobody gives up before. */
const longestMs = 600_000;

/** A client of etcd for generating load, on a connection of its own. */
export function etcdLoadClient(
  addressOf: () => Address,
  isSerializable: boolean,
  { timeoutMs, onEnd }: Pick<LoadClientOptions, 'timeoutMs' | 'onEnd'>,
): LoadClient {
  let session: GrpcSession | null = null;
  let doing: Doing = 'nothing';
  /** Of the operation that is under way: answers to earlier ones come too late. */
  let turn = 0;

  const end = (...outcome: Parameters<typeof onEnd>): void => {
    doing = 'nothing';
    turn += 1;
    onEnd(...outcome);
  };

  const begin = async (kind: Doing, call: Call): Promise<void> => {
    if (doing !== 'nothing') throw new Error(`expected an idle client, got one that ${doing}s`);
    doing = kind;
    const own = turn;
    if (session?.isOpen !== true) {
      const opened = await openGrpc(addressOf(), timeoutMs).catch((error: unknown) =>
        error instanceof Error ? error.message : String(error),
      );
      if (own !== turn) {
        if (typeof opened !== 'string') opened.close();
        return;
      }
      if (typeof opened === 'string') {
        end('fail', null, opened);
        return;
      }
      session = opened;
    }
    const result = await session.call(call, longestMs);
    if (own === turn) finish(kind, result);
  };

  const finish = (kind: Doing, result: CallResult): void => {
    if (result.kind === 'ok') {
      end('ok', kind === 'read' ? readRange(result.body) : null, '');
      return;
    }
    const isCertain = kind === 'read' || result.kind === 'unsent';
    end(isCertain ? 'fail' : 'info', null, result.kind === 'status' ? result.text : result.reason);
  };

  return {
    read: (key) => void begin('read', rangeCall(key, isSerializable)),
    write: (key, value) => void begin('write', putCall(key, value)),
    abandon(reason) {
      if (doing === 'nothing') return;
      session?.close();
      end(doing === 'read' ? 'fail' : 'info', null, reason);
    },
    close() {
      doing = 'nothing';
      turn += 1;
      session?.close();
    },
  };
}
