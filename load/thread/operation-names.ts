import type { Rng } from '../../core/rng.ts';
import type { OperationName } from '../journal/codes.ts';

/** What an operation of a mix may be. */
export type MixedName = Exclude<OperationName, 'cas'>;

/** Draws names by their shares. */
export function namesBy(shares: Readonly<Record<string, number>>, rng: Rng): () => MixedName {
  const entries = Object.entries(shares) as [MixedName, number][];
  const [first] = entries.map(([name]) => name);
  if (first === undefined) throw new Error('expected a mix with at least one kind of operation');
  if (entries.length === 1) return () => first;
  const whole = entries.reduce((sum, [, share]) => sum + share, 0);
  return () => {
    let draw = rng.float() * whole;
    for (const [name, share] of entries) {
      draw -= share;
      if (draw < 0) return name;
    }
    return first;
  };
}
