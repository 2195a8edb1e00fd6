import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContextOptions, type Page, chromium } from 'playwright-core';

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

/** A headless browser. Tests share one, because it takes a while to start. */
export function launchBrowser(executablePath: string): Promise<Browser> {
  // Without a sandbox, which does not work for root in a container; what is opened is our own.
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu'],
    timeout: 60_000,
  });
}

/** A page of its own, and what it had to complain of. */
export interface WatchedPage extends AsyncDisposable {
  readonly page: Page;
  /** Console messages, uncaught errors and everything refused by the page's policy. */
  readonly complaints: readonly string[];
  /** Addresses that the page asked for, itself included. */
  readonly requests: readonly string[];
}

export async function watchedPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
  page.on('request', (request) => requests.push(request.url().slice(0, 100)));
  return {
    ...{ page, complaints, requests },
    [Symbol.asyncDispose]: () => context.close(),
  };
}
