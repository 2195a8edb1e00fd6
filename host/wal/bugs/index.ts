import { openWal } from '../wal.ts';
import type { OpenWal, WalBug } from './bend.ts';
import { durabilityBugs } from './durability.ts';
import { recoveryBugs } from './recovery.ts';

/** The mistakes that can be planted in the log of any node by the setting `bug`. */
export const walBugs: readonly WalBug[] = [...durabilityBugs, ...recoveryBugs];

/** How a node with these settings opens its log. */
export function walOpener({ bug }: Readonly<Record<string, string>>): OpenWal {
  return walBugs.find(({ name }) => name === bug)?.plant(openWal) ?? openWal;
}
