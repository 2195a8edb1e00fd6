import { randomBytes, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';

/** What a request says of where it comes from. */
export interface Origins {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
}

/**
 * Whether a request was meant for this server. A page of anybody's can point a name of its own at
 * 127.0.0.1 and then read this server as if it were its own (DNS rebinding); the `Host` header gives it
 * away. Addresses cannot be rebound, so every one of them passes when others than this machine are
 * let in.
 */
export function isForUs(
  host: string | undefined,
  { hostname, remote }: { readonly hostname: string; readonly remote: boolean },
): boolean {
  const name = hostName(host ?? '');
  if (name === null) return false;
  if (isLoopback(name)) return true;
  return remote && (isIP(name) !== 0 || name === hostname.toLowerCase());
}

/** `127.0.0.1:8080`, `[::1]:8080`, `localhost` without the port; null for anything else. */
function hostName(host: string): string | null {
  const match = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::\d{1,5})?$/iu.exec(host);
  return (match?.[1] ?? match?.[2])?.toLowerCase() ?? null;
}

export function isLoopback(name: string): boolean {
  if (name === 'localhost' || name === '::1') return true;
  return isIP(name) === 4 && name.startsWith('127.');
}

/**
 * Whether a request that changes something was made by a page of this server. Browsers say so in two
 * headers that no page can set; a request without either does not come from one.
 */
export function isOurPage({ host, origin, fetchSite }: Origins): boolean {
  if (fetchSite !== undefined && fetchSite !== 'same-origin') return false;
  return host !== undefined && origin === `http://${host}`;
}

/** A secret of this process, which its own pages carry in their forms and no other page can read. */
export interface Token {
  readonly text: string;
  fits(given: unknown): boolean;
}

export function newToken(): Token {
  const text = randomBytes(32).toString('hex');
  return {
    text,
    fits(given) {
      if (typeof given !== 'string') return false;
      const [wanted, got] = [Buffer.from(text), Buffer.from(given)];
      return wanted.length === got.length && timingSafeEqual(wanted, got);
    },
  };
}
