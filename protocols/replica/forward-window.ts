/**
 * What has been received from one node, so that a message which the network doubles is acted upon
 * once. A node numbers its messages upwards from 1 in each of its lives.
 */
export interface ForwardWindow {
  /** By the name of the life; in the order of their first message. */
  readonly lives: Map<string, Life>;
}

interface Life {
  /** Whatever is below has been answered or given up there. */
  oldest: number;
  /** Seen, `oldest` or above; now and then also some below. */
  readonly seen: Set<number>;
  /** Size of `seen` at which those below are taken out. */
  pruneAt: number;
}

/** No message is expected to outlive so many restarts of its sender. */
const mostLives = 1000;

const leastPruned = 256;

export function emptyWindow(): ForwardWindow {
  return { lives: new Map() };
}

/**
 * Whether this is the first copy of a message. `oldest` is the lowest number that its sender still
 * waited for when it sent this one: what is lower needs no answer, and no place in memory.
 */
export function isFirst(
  window: ForwardWindow,
  message: { readonly boot: string; readonly number: number; readonly oldest: number },
): boolean {
  const life = window.lives.get(message.boot) ?? beginLife(window, message.boot);
  life.oldest = Math.max(life.oldest, message.oldest);
  if (message.number < life.oldest || life.seen.has(message.number)) return false;
  life.seen.add(message.number);
  if (life.seen.size >= life.pruneAt) prune(life);
  return true;
}

/** Pruning at twice what was left before makes it constant time for each message, on average. */
function prune(life: Life): void {
  for (const number of life.seen) if (number < life.oldest) life.seen.delete(number);
  life.pruneAt = Math.max(leastPruned, 2 * life.seen.size);
}

function beginLife(window: ForwardWindow, boot: string): Life {
  const life: Life = { oldest: 0, seen: new Set(), pruneAt: leastPruned };
  window.lives.set(boot, life);
  if (window.lives.size > mostLives) {
    const first = window.lives.keys().next();
    if (first.done !== true) window.lives.delete(first.value);
  }
  return life;
}
