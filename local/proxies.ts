import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { LinkEvidence, LinkState } from '../core/cluster.ts';
import { lastLines, readLogEnd } from './log-file.ts';
import { markedEnvironment } from './run-mark.ts';
import { signalGroup } from './process-group.ts';
import { type RecordedProcess } from './run-file.ts';
import { processTable } from './process-table.ts';
import type { ProxyAnswers, ProxyRequest, ReplyEnvelope, Route } from './proxy/messages.ts';

/** The run's proxies, in a process of their own. */
export interface Proxies extends AsyncDisposable {
  readonly process: RecordedProcess;
  /** Opens a proxy for every port of every route; answers with where to dial instead. */
  open(routes: readonly Route[]): Promise<readonly Route[]>;
  apply(state: LinkState): Promise<LinkEvidence>;
  /** Chunks, closings and connection attempts that cuts held back so far. */
  held(): Promise<number>;
  /** Lets go of the process, so that it goes on without us. */
  abandon(): void;
}

export interface ProxiesOptions {
  readonly mark: string;
  /** Whether they outlive this process. */
  readonly keep: boolean;
  /** A folder of theirs, which exists. */
  readonly folder: string;
}

const answerDeadlineMs = 10_000;
const program = join(import.meta.dirname, 'proxy', `main${extname(import.meta.filename)}`);

export async function startProxies(options: ProxiesOptions): Promise<Proxies> {
  const { mark, keep, folder } = options;
  const logPath = join(folder, 'proxies.log');
  const log = openSync(logPath, 'a');
  const child = fork(program, keep ? ['keep'] : [], {
    detached: true,
    execArgv: [],
    env: { ...process.env, ...markedEnvironment(mark) },
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  const ask = conversation(child, logPath);
  child.unref();
  await once(child, 'spawn');
  const { pid } = child;
  const entry = pid === undefined ? null : await processTable.look(pid);
  if (entry === null) throw new Error('expected the proxies to start, but their process is gone');
  return {
    process: entry,
    open: (routes) => ask({ kind: 'open', routes }),
    apply: ({ cut }) => ask({ kind: 'apply', cut }),
    held: () => ask({ kind: 'count' }),
    abandon: () => {
      if (child.connected) child.disconnect();
    },
    [Symbol.asyncDispose]: async () => {
      // Once they are reaped their number may be anybody's.
      if (child.exitCode === null && child.signalCode === null) {
        await signalGroup(entry.pid, 'SIGKILL');
      }
    },
  };
}

type Ask = <Kind extends ProxyRequest['kind']>(
  request: ProxyRequest & { readonly kind: Kind },
) => Promise<ProxyAnswers[Kind]>;

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Asks the child and waits for its answers, but not beyond its death or the deadline. */
function conversation(child: ChildProcess, logPath: string): Ask {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  const ended = 'their process ended';
  const fail = async (reason: string): Promise<void> => {
    const log = lastLines(await readLogEnd(logPath), 20) || '(they printed nothing)';
    for (const { reject } of waiting.values()) {
      reject(
        new Error(`expected an answer of the proxies, but ${reason}; what they printed:\n${log}`),
      );
    }
    waiting.clear();
  };
  child.on('message', (reply: ReplyEnvelope) => {
    const asker = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('error' in reply) asker?.reject(new Error(reply.error));
    else asker?.resolve(reply.answer);
  });
  // A write may meet the closed channel before the exit is reported.
  child.on('error', (error: NodeJS.ErrnoException) => {
    void fail(error.code === 'EPIPE' ? ended : error.message);
  });
  child.on('exit', () => void fail(ended));
  return async (request) => {
    const id = (lastId += 1);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const timer = setTimeout(
      () => void fail(`none came to \`${request.kind}\` within ${answerDeadlineMs} ms`),
      answerDeadlineMs,
    );
    waiting.set(id, { resolve, reject });
    if (child.connected) child.send({ id, request });
    else void fail(ended);
    try {
      return (await promise) as ProxyAnswers[typeof request.kind];
    } finally {
      clearTimeout(timer);
    }
  };
}
