import { afterAll, beforeAll } from 'vitest';
import { type RunningServer, startServer } from '../server.ts';
import { type Answer, type Asked, askAt } from './ask.ts';
import { type SampleStore, sampleStore } from './sample-store.ts';

/** A server of a store of its own, from before the first test of a file until after the last. */
export interface ServedStore {
  readonly store: () => SampleStore;
  readonly server: () => RunningServer;
  readonly ask: (path: string, asked?: Asked) => Promise<Answer>;
}

export function servedStore(): ServedStore {
  let store: SampleStore | undefined;
  let server: RunningServer | undefined;
  beforeAll(async () => {
    store = sampleStore();
    server = await serverOf(store);
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    store?.[Symbol.dispose]();
  });
  const begun = <Part>(part: Part | undefined): Part => {
    if (part === undefined) throw new Error('expected to be used in a test, when the server is up');
    return part;
  };
  return {
    store: () => begun(store),
    server: () => begun(server),
    ask: (path, asked = {}) => askAt(begun(server).url, path, asked),
  };
}

/** Follows no runs and compares nothing. */
export function serverOf({ path }: SampleStore): Promise<RunningServer> {
  return startServer({
    ...{ store: path, hostname: '127.0.0.1', port: 0, remote: false },
    watch: () => null,
    compare: () => Promise.reject(new Error('expected two things to compare')),
  });
}
