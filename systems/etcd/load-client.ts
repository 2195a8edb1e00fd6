import type { Address } from '../../core/cluster.ts';
import type { LoadClient, LoadClientOptions } from '../../core/load-client.ts';
import type { CallResult } from './grpc-session.ts';
import { type Call, putCall, rangeCall, readRange } from './messages.ts';
import { shareSessions } from './shared-sessions.ts';

type Doing = 'nothing' | 'read' | 'write';

/** An answer that comes later than this is not waited for, also where nobody gave up before. */
const longestMs = 60_000;

/** A client of etcd for generating load. It shares its connection with the others of its thread. */
export function etcdLoadClient(
  addressOf: () => Address,
  isSerializable: boolean,
  { timeoutMs, onEnd }: Pick<LoadClientOptions, 'timeoutMs' | 'onEnd'>,
): LoadClient {
  const sessions = shareSessions();
  let doing: Doing = 'nothing';
  let isClosed = false;
  /** Of the operation that is under way: answers to earlier ones come too late. */
  let turn = 0;

  const end = (...outcome: Parameters<typeof onEnd>): void => {
    doing = 'nothing';
    turn += 1;
    onEnd(...outcome);
  };

  const ask = async (call: Call): Promise<CallResult> => {
    try {
      const session = await sessions.to(addressOf(), timeoutMs);
      return await session.call(call, longestMs);
    } catch (error) {
      return { kind: 'unsent', reason: error instanceof Error ? error.message : String(error) };
    }
  };

  const begin = async (kind: 'read' | 'write', call: Call): Promise<void> => {
    if (doing !== 'nothing' || isClosed) {
      throw new Error(`expected an open, idle client, got one that ${doing}s or is closed`);
    }
    doing = kind;
    const own = turn;
    const result = await ask(call);
    if (own !== turn) return;
    if (result.kind === 'ok') end('ok', kind === 'read' ? readRange(result.body) : null, '');
    else {
      const isCertain = kind === 'read' || result.kind === 'unsent';
      end(
        isCertain ? 'fail' : 'info',
        null,
        result.kind === 'status' ? result.text : result.reason,
      );
    }
  };

  return {
    read: (key) => void begin('read', rangeCall(key, isSerializable)),
    write: (key, value) => void begin('write', putCall(key, value)),
    abandon(reason) {
      if (doing !== 'nothing') end(doing === 'read' ? 'fail' : 'info', null, reason);
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      doing = 'nothing';
      turn += 1;
      sessions.leave();
    },
  };
}
