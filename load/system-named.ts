import type { System } from '../core/system.ts';
import { systems } from '../systems/index.ts';
import { nullSystems } from './null/index.ts';

/** A system by its name; the null systems have names too. */
export function systemNamed(name: string): System {
  const known: Readonly<Record<string, System>> = { ...nullSystems, ...systems };
  const system = Object.hasOwn(known, name) ? known[name] : undefined;
  if (system !== undefined) return system;
  throw new Error(`expected a system, one of ${Object.keys(known).join(', ')}; got "${name}"`);
}
