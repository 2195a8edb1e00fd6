import type { Address } from '../core/cluster.ts';
import type { LoadClient, LoadClientOptions } from '../core/load-client.ts';
import { type Question, type RespPipeline, respPipeline } from './resp-pipeline.ts';

/** The thread's connections, one to each server, and how many clients use them. */
const pipelines = new Map<string, RespPipeline>();
let users = 0;

/**
 * A client of a RESP server for generating load, which shares its connection with the others of its thread, as
 * etcd's do: what many clients ask at one time leaves in one write, and is read and answered together. Each
 * client still has one operation under way, and the next begins when it has the answer.
 */
export function respSharedClient(
  addressOf: () => Address,
  { onEnd, timeoutMs }: Pick<LoadClientOptions, 'onEnd' | 'timeoutMs'>,
): LoadClient {
  users++;
  let doing: { readonly question: Question; readonly pipeline: RespPipeline } | null = null;
  let isClosed = false;

  const end: typeof onEnd = (...outcome) => {
    doing = null;
    onEnd(...outcome);
  };
  const begin = (isRead: boolean, request: string): void => {
    if (doing !== null || isClosed) {
      throw new Error(
        `expected an open, idle client, got one that is ${isClosed ? 'closed' : 'busy'}`,
      );
    }
    const pipeline = pipelineTo(addressOf(), timeoutMs);
    const question: Question = { isRead, onEnd: end };
    doing = { question, pipeline };
    pipeline.ask(request, question);
  };
  const drop = (): boolean => {
    if (doing === null) return false;
    const { question, pipeline } = doing;
    doing = null;
    pipeline.giveUp(question);
    return true;
  };
  return {
    read: (key) => begin(true, `*2\r\n$3\r\nGET\r\n$${key.length}\r\n${key}\r\n`),
    write: (key, value) =>
      begin(
        false,
        `*3\r\n$3\r\nSET\r\n$${key.length}\r\n${key}\r\n$${value.length}\r\n${value}\r\n`,
      ),
    abandon(reason) {
      const isRead = doing?.question.isRead === true;
      if (drop()) onEnd(isRead ? 'fail' : 'info', null, reason);
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      drop();
      leave();
    },
  };
}

function pipelineTo(address: Address, timeoutMs: number): RespPipeline {
  const where = `${address.host} ${address.port}`;
  const known = pipelines.get(where);
  if (known?.isOpen === true) return known;
  const opened = respPipeline(address, timeoutMs);
  pipelines.set(where, opened);
  return opened;
}

/** The last one to leave closes them all. */
function leave(): void {
  users--;
  if (users > 0) return;
  for (const pipeline of pipelines.values()) pipeline.close();
  pipelines.clear();
}
