import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { extension } from '../package-root.ts';
import type { Bag, Bounds, Hunt } from './hunt.ts';
import type { Errand, Return } from './thread.ts';

/**
 * Goes on all hunts, in threads of their own, and tells of each as it ends. Resolves with what came of
 * them, in the order of the hunts; rejects when one breaks down, naming it.
 */
export async function goOnAll(
  hunts: readonly Hunt[],
  {
    bounds,
    workers,
    onBag,
  }: { readonly bounds: Bounds; readonly workers: number; readonly onBag: (bag: Bag) => void },
): Promise<readonly Bag[]> {
  const bags = new Map<Hunt, Bag>();
  const left = hunts.values();
  const shift = async (): Promise<void> => {
    const worker = new Worker(new URL(`./thread.${extension}`, import.meta.url));
    try {
      for (const hunt of left) {
        worker.postMessage({ hunt, bounds } satisfies Errand);
        const [answer] = (await once(worker, 'message')) as [Return];
        if (answer.kind === 'error') {
          throw new Error(`the hunt for ${hunt.bug ?? 'nothing'} broke down: ${answer.stack}`);
        }
        bags.set(hunt, answer.bag);
        onBag(answer.bag);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: workers }, shift));
  return hunts.flatMap((hunt) => bags.get(hunt) ?? []);
}
