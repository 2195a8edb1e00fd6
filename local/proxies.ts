import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { extname, join } from 'node:path';
import type { LinkEvidence, LinkState } from '../core/cluster.ts';
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
}

const answerDeadlineMs = 10_000;
const program = join(import.meta.dirname, 'proxy', `main${extname(import.meta.filename)}`);

export async function startProxies({ mark, keep }: ProxiesOptions): Promise<Proxies> {
  const child = fork(program, keep ? ['keep'] : [], {
    detached: true,
    execArgv: [],
    env: { ...process.env, ...markedEnvironment(mark) },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const ask = conversation(child);
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
    [Symbol.asyncDispose]: () => signalGroup(entry.pid, 'SIGKILL'),
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
function conversation(child: ChildProcess): Ask {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let complaint = '';
  child.stderr?.on('data', (bytes: Buffer) => {
    complaint = (complaint + bytes.toString()).slice(-4096);
  });
  const fail = (reason: string): void => {
    for (const { reject } of waiting.values()) reject(new Error(reason));
    waiting.clear();
  };
  child.on('message', (reply: ReplyEnvelope) => {
    const asker = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('error' in reply) asker?.reject(new Error(reply.error));
    else asker?.resolve(reply.answer);
  });
  child.on('error', (error) => fail(`the process of the proxies failed: ${error.message}`));
  child.on('exit', (code, signal) =>
    fail(`the process of the proxies ended (${signal ?? `code ${String(code)}`})\n${complaint}`),
  );
  return async (request) => {
    const id = (lastId += 1);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const what = `\`${request.kind}\` to be answered by the proxies within ${answerDeadlineMs} ms`;
    const timer = setTimeout(() => {
      waiting.delete(id);
      reject(new Error(`expected ${what}, it was not\n${complaint}`));
    }, answerDeadlineMs);
    waiting.set(id, { resolve, reject });
    if (child.connected) child.send({ id, request });
    else reject(new Error(`expected the proxies to be running, but they ended\n${complaint}`));
    try {
      return (await promise) as ProxyAnswers[typeof request.kind];
    } finally {
      clearTimeout(timer);
      waiting.delete(id);
    }
  };
}
