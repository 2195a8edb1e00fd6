import type { Combination } from './combinations.ts';

/** What decides a campaign, as it stands in `campaign.json`. */
export interface CampaignPlan {
  readonly schema: 1;
  readonly dtest: string;
  readonly node: string;
  readonly startedAt: string;
  /** The command that makes an equal campaign. */
  readonly command: string;
  /** As the user named them: `1..1000`. */
  readonly seeds: string;
  readonly combinations: readonly Combination[];
}

/** A flag of `dtest run` with its value, as a combination's words give it. */
export function pairsOf({ words }: Combination): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (let at = 0; at + 1 < words.length; at += 2) {
    const [flag = '', value = ''] = words.slice(at, at + 2);
    if (flag !== '--set') pairs.set(flag.slice(2), value);
    else pairs.set(value.slice(0, value.indexOf('=')), value.slice(value.indexOf('=') + 1));
  }
  return pairs;
}

/** What tells a combination from the others of its campaign, beside system, workload and faults. */
export function settingsOf(combination: Combination, all: readonly Combination[]): string {
  const others = all.map(pairsOf);
  const own = [...pairsOf(combination)].filter(
    ([flag, value]) =>
      !['system', 'nemesis'].includes(flag) && others.some((pairs) => pairs.get(flag) !== value),
  );
  return own.map(([flag, value]) => `${flag} ${value}`).join(', ');
}
