import type { Address, Link, LinkEvidence } from '../../core/cluster.ts';

/** A directed link, with the ports of its far node by name. */
export interface Route {
  readonly link: Link;
  readonly ports: Readonly<Record<string, Address>>;
}

/** What a run asks of its proxies. */
export type ProxyRequest =
  /** Listen for these links. Comes first, once. Answered by where to dial instead. */
  | { readonly kind: 'open'; readonly routes: readonly Route[] }
  /** Put the whole link state in force and see that it is. */
  | { readonly kind: 'apply'; readonly cut: readonly Link[] }
  /** How much was held back so far? */
  | { readonly kind: 'count' };

export interface ProxyAnswers {
  readonly open: readonly Route[];
  readonly apply: LinkEvidence;
  readonly count: number;
}

/** Requests and answers are tied together by a number, since they may overtake one another. */
export interface Envelope {
  readonly id: number;
  readonly request: ProxyRequest;
}

export type ReplyEnvelope =
  | { readonly id: number; readonly answer: ProxyAnswers[ProxyRequest['kind']] }
  | { readonly id: number; readonly error: string };
