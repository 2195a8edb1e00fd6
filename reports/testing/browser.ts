import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';

/** Path of a Chromium on this machine, if there is one. */
export function findBrowser(): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** A page in a headless browser, spoken to over the DevTools protocol. */
export interface BrowserPage extends AsyncDisposable {
  open(url: string): Promise<void>;
  /** The value of an expression in the page, as JSON. */
  evaluate(expression: string): Promise<unknown>;
  send(method: string, parameters: object): Promise<Record<string, unknown>>;
  /** Console messages, uncaught errors and everything refused by the page's policy. */
  readonly complaints: readonly string[];
  /** Addresses that the page asked for, itself included. */
  readonly requests: readonly string[];
}

const answerDeadlineMs = 60_000;

export async function openBrowser(path: string): Promise<BrowserPage> {
  const profile = mkdtempSync(join(tmpdir(), 'dtest-browser-'));
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];
  const browser = execa(
    path,
    [...flags, ...quiet, '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'],
    { reject: false, stdin: 'ignore', stdout: 'ignore' },
  );
  const close = async (): Promise<void> => {
    browser.kill('SIGKILL');
    await browser;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    const port = await portOf(browser.stderr);
    const targets = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as {
      readonly type: string;
      readonly webSocketDebuggerUrl: string;
    }[];
    const page = targets.find(({ type }) => type === 'page');
    if (page === undefined) throw new Error('expected the browser to have a page, got none');
    return await attach(page.webSocketDebuggerUrl, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function portOf(output: AsyncIterable<unknown>): Promise<string> {
  let text = '';
  for await (const chunk of output) {
    text += String(chunk);
    const port = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)/u.exec(text)?.[1];
    if (port !== undefined) return port;
  }
  throw new Error(`expected the browser to name its port, got: ${text.slice(-500)}`);
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
  readonly params?: Record<string, unknown>;
}

async function attach(url: string, close: () => Promise<void>): Promise<BrowserPage> {
  const socket = new WebSocket(url);
  const complaints: string[] = [];
  const requests: string[] = [];
  const waiting = new Map<number, (message: Message) => void>();
  const loaded: (() => void)[] = [];
  let last = 0;
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    if (message.id !== undefined) waiting.get(message.id)?.(message);
    const { method, params } = message;
    if (method === 'Page.loadEventFired') for (const each of loaded.splice(0)) each();
    if (method === 'Network.requestWillBeSent') {
      const { request } = params as { readonly request: { readonly url: string } };
      requests.push(request.url.slice(0, 100));
    }
    const isComplaint = ['Runtime.consoleAPICalled', 'Runtime.exceptionThrown', 'Log.entryAdded'];
    if (method !== undefined && isComplaint.includes(method))
      complaints.push(JSON.stringify(params));
  });
  await within<undefined>('the browser to accept a connection', (done) => {
    socket.addEventListener('open', () => done(undefined));
  });
  const send = async (method: string, parameters: object): Promise<Record<string, unknown>> => {
    const id = (last += 1);
    const answer = await within<Message>(`an answer to ${method}`, (done) => {
      waiting.set(id, done);
      socket.send(JSON.stringify({ id, method, params: parameters }));
    });
    if (answer.error !== undefined) throw new Error(`${method}: ${answer.error.message}`);
    return answer.result ?? {};
  };
  for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await send(`${domain}.enable`, {});
  return {
    complaints,
    requests,
    send,
    async open(address) {
      const ready = within<undefined>('the page to load', (done) => {
        loaded.push(() => done(undefined));
      });
      await send('Page.navigate', { url: address });
      await ready;
    },
    async evaluate(expression) {
      const { result } = await send('Runtime.evaluate', { expression, returnByValue: true });
      return (result as { readonly value?: unknown }).value;
    },
    async [Symbol.asyncDispose]() {
      socket.close();
      await close();
    },
  };
}

async function within<T>(what: string, start: (done: (value: T) => void) => void): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const deadline = setTimeout(() => {
    reject(new Error(`expected ${what} within ${String(answerDeadlineMs)} ms, got nothing`));
  }, answerDeadlineMs);
  start(resolve);
  return promise.finally(() => clearTimeout(deadline));
}
