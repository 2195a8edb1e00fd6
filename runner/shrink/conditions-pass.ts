import type { Conditions } from '../../core/conditions.ts';
import type { Plan } from '../../core/run.ts';
import type { Pass, Search } from './search.ts';

/** Each intensity of the surroundings calm, or at least half of what it was, again and again. */
export function conditionsPass(calm: Conditions): Pass<Plan> {
  return {
    name: 'conditions',
    async run(search) {
      const all = search.best().conditions;
      if (all === undefined || (await tryWith(search, calm))) return;
      for (const part of ['network', 'disk', 'clocks'] as const) {
        for (const name of Object.keys(calm[part])) await calmDown(search, calm, [part, name]);
      }
    },
  };
}

type Place = readonly [part: keyof Conditions, name: string];

async function calmDown(search: Search<Plan>, calm: Conditions, place: Place): Promise<void> {
  const wanted = valueAt(calm, place);
  const now = (): unknown => valueAt(search.best().conditions ?? calm, place);
  if (isSame(now(), wanted) || (await tryWith(search, changed(search, place, wanted)))) return;
  for (let value = now(); typeof value === 'number' && wanted === 0; value = now()) {
    const half = Math.floor(value * 500) / 1000;
    if (half === 0 || !(await tryWith(search, changed(search, place, half)))) return;
  }
}

async function tryWith(search: Search<Plan>, conditions: Conditions): Promise<boolean> {
  if (isSame(search.best().conditions, conditions)) return true;
  return search.attempt({ ...search.best(), conditions });
}

function valueAt(conditions: Conditions, [part, name]: Place): unknown {
  return (conditions[part] as unknown as Readonly<Record<string, unknown>>)[name];
}

function changed(search: Search<Plan>, [part, name]: Place, value: unknown): Conditions {
  const conditions = search.best().conditions as Conditions;
  return { ...conditions, [part]: { ...conditions[part], [name]: value } };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
