import { type Rng, rngOf } from '../core/rng.ts';
import type { SettingSpec, Settings } from '../core/system.ts';
import type { NemesisChoice } from './nemesis-choice.ts';

/**
 * What a seed chooses where the user did not (swarm testing; Groce et al., "Swarm Testing", ISSTA 2012):
 * what is always on hides what the rest would show, and so do large batches, patient clients, and five
 * nodes where four are worse. All that is drawn is written into the plan.
 */
export interface Swarm {
  readonly nodes: number;
  readonly timeoutMs: number;
  /** Mean time between faults in a run of this length. */
  intervalMs(timeMs: number): number;
  /** Some of the settings that say what is worth trying, without those that were given. */
  settings(specs: readonly SettingSpec[], given: Settings): Settings;
  /** Some of the kinds of faults, and of each some of its shapes; one of each at least. */
  faults(kinds: readonly NemesisChoice[]): NemesisChoice[];
}

export function swarmOf(seed: number): Swarm {
  const rng = rngOf(seed, 'swarm');
  return {
    nodes: rng.split('nodes').pick([3, 3, 4, 5]),
    timeoutMs: rng.split('timeout').pick([500, 2000, 10_000]),
    intervalMs(timeMs) {
      const intervalMs = rng.split('interval').pick([300, 1000, 2500, 5000]);
      return Math.max(100, Math.min(intervalMs, Math.round(timeMs / 4)));
    },
    settings(specs, given) {
      const drawn = specs.flatMap(({ name, swarm = [] }): [string, string][] => {
        const own = rng.split(`setting ${name}`);
        const isOn = swarm.length > 0 && !(name in given) && own.float() < 0.5;
        return isOn ? [[name, own.pick(swarm)]] : [];
      });
      return Object.fromEntries(drawn);
    },
    faults(kinds) {
      const isOn = (): boolean => rng.float() < 0.5;
      const some = atLeastOne(kinds, isOn, rng.split('kinds'));
      return some.map(({ nemesis, variants }) => {
        const own = rng.split(nemesis.name);
        return { nemesis, variants: atLeastOne(variants, () => own.float() < 0.7, own) };
      });
    },
  };
}

function atLeastOne<T>(all: readonly T[], isOn: () => boolean, rng: Rng): T[] {
  const some = all.filter(isOn);
  return some.length > 0 || all.length === 0 ? some : [rng.pick(all)];
}
