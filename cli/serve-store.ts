import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CheckStream } from '../core/checker.ts';
import type { Plan } from '../core/run.ts';
import { isLoopback } from '../serve/guard.ts';
import { type RunningServer, startServer } from '../serve/server.ts';
import { workloads } from '../workloads/index.ts';
import { comparisonPage } from '../reports/comparison/page.ts';
import { chartsOf, compared } from './compare/compare.ts';
import { openSources } from './compare/sources.ts';
import { UsageError, messageOf } from './failure.ts';
import { interruptible } from './interrupt.ts';
import { openInBrowser } from './open-in-browser.ts';

export interface ServeFlags {
  readonly port: number;
  readonly host: string;
  readonly remote: boolean;
  readonly open: boolean;
  readonly store: string;
}

/** `dtest serve`: until Ctrl-C. */
export async function serveStore(
  flags: ServeFlags,
  { say }: { readonly say: (text: string) => void },
): Promise<unknown> {
  const { host, remote, port } = flags;
  if (!isLoopback(host) && !remote) {
    throw new UsageError(
      `expected --host to be of this machine alone (127.0.0.1, ::1 or localhost), got "${host}"; ` +
        '--allow-remote lets others in, who can then read and delete everything in the store',
    );
  }
  const store = resolve(flags.store);
  refuseFile(store, flags.store);
  if (!existsSync(store)) say(`nothing in ${flags.store} yet; dtest run makes a first run`);
  using interrupt = interruptible(() => undefined);
  await using server = await listening(flags, store);
  say(`${server.url}  (Ctrl-C ends it)`);
  if (remote) say('others are let in: whoever reaches this port can read and delete');
  if (flags.open) {
    await openInBrowser(server.url).catch((error: unknown) => say(messageOf(error)));
  }
  await new Promise<void>((done) => {
    if (interrupt.signal.aborted) done();
    interrupt.signal.addEventListener('abort', () => done());
  });
  return { schema: 1, url: server.url, port };
}

/** A store that is not there yet may come; a file never turns into one. */
function refuseFile(store: string, text: string): void {
  if (!existsSync(store) || statSync(store).isDirectory()) return;
  throw new UsageError(`expected --store to be a folder, got the file ${text}`);
}

async function listening(
  { host, port, remote }: ServeFlags,
  store: string,
): Promise<RunningServer> {
  try {
    return await startServer({
      ...{ store, hostname: host, port, remote, watch },
      compare: async (folders) => {
        const sources = await openSources(store, folders);
        const comparison = compared(sources, { gates: [], figures: [] });
        return { comparison, page: () => comparisonPage(comparison, chartsOf(sources)) };
      },
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new UsageError(
        `expected the port ${port} to be free, but something listens there; --port 0 takes another`,
      );
    }
    throw new Error(`expected to listen on ${host}:${port}, but could not`, { cause: error });
  }
}

/** The checker that the run's workload ends with, as far as it can go along. */
function watch(value: unknown): CheckStream | null {
  const plan = value as Plan;
  const workload = Object.hasOwn(workloads, plan.workload) ? workloads[plan.workload] : undefined;
  return workload?.checker(plan).stream?.() ?? null;
}
