import { parentPort } from 'node:worker_threads';
import { type Bag, type Bounds, type Hunt, goHunting } from './hunt.ts';

/** What a thread is asked to do, one thing at a time. */
export interface Errand {
  readonly hunt: Hunt;
  readonly bounds: Bounds;
}

export type Return =
  { readonly kind: 'bag'; readonly bag: Bag } | { readonly kind: 'error'; readonly stack: string };

parentPort?.on('message', ({ hunt, bounds }: Errand) => {
  goHunting(hunt, bounds).then(
    (bag) => post({ kind: 'bag', bag }),
    (error: unknown) =>
      post({ kind: 'error', stack: error instanceof Error ? (error.stack ?? '') : String(error) }),
  );
});

function post(answer: Return): void {
  parentPort?.postMessage(answer);
}
