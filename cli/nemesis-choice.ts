import type { WorldName } from '../core/cluster.ts';
import type { Nemesis } from '../core/nemesis.ts';
import type { Mode } from '../core/run.ts';
import { nemeses } from '../nemesis/index.ts';
import { UsageError } from './failure.ts';
import { lookUp } from './lookup.ts';

/** A kind of fault with the shapes of it to use. */
export interface NemesisChoice {
  readonly nemesis: Nemesis;
  readonly variants: readonly string[];
}

/** What decides which faults there are to choose from. */
export interface NemesisScope {
  readonly world: WorldName;
  readonly mode: Mode;
  /** Why a kind is outside of what the system assumes, or null. */
  outside(fault: string): string | null;
}

/** `partition,kill:leader` → each kind with the variants to use; `all` and `none` are what they say. */
export function parseNemesis(text: string, scope: NemesisScope): NemesisChoice[] {
  if (text.trim() === 'none') return [];
  const wanted = text.split(',').map((part) => part.trim());
  if (wanted.includes('none')) {
    throw new UsageError(`expected --nemesis none or faults, got both in "${text}"`);
  }
  const named = wanted.flatMap((part) => (part === 'all' ? namesIn(scope) : [part]));
  const choices = new Map<Nemesis, Set<string>>();
  for (const part of named) {
    const [kind = '', variant] = part.split(':');
    const nemesis = lookUp('fault', nemeses, kind);
    refuseElsewhere(nemesis, scope);
    const variants = variant === undefined ? variantsIn(nemesis, scope) : [variant];
    for (const each of variants) refuseVariant(nemesis, each, scope);
    const chosen = choices.get(nemesis) ?? new Set();
    for (const each of variants) chosen.add(each);
    choices.set(nemesis, chosen);
  }
  // In the order of the fault's own list, so that a seed gives the same plan however they were named.
  return [...choices].map(([nemesis, chosen]) => ({
    nemesis,
    variants: nemesis.variants.filter((variant) => chosen.has(variant)),
  }));
}

/** As the user would name it: the kind alone where all its shapes are used. */
export function namesOf({ nemesis, variants }: NemesisChoice): string[] {
  const all = nemesis.variants.every((variant) => variants.includes(variant));
  return all ? [nemesis.name] : variants.map((variant) => `${nemesis.name}:${variant}`);
}

/** What `all` means: everything that fits, but for what the system may assume never to happen. */
function namesIn(scope: NemesisScope): readonly string[] {
  const all = Object.values(nemeses).filter(
    (nemesis) =>
      isOf(scope.world, nemesis) &&
      variantsIn(nemesis, scope).length > 0 &&
      nemesis.outside === undefined &&
      scope.outside(nemesis.name) === null,
  );
  return all.map(({ name }) => name);
}

function variantsIn({ variants, sparing }: Nemesis, { mode }: NemesisScope): readonly string[] {
  return mode === 'safety' ? variants : (sparing ?? []);
}

function isOf(world: WorldName, { worlds }: Nemesis): boolean {
  return worlds?.includes(world) ?? true;
}

function refuseElsewhere(nemesis: Nemesis, { world }: NemesisScope): void {
  if (isOf(world, nemesis)) return;
  throw new UsageError(
    `the fault "${nemesis.name}" needs --world ${(nemesis.worlds ?? []).join(' or ')}, got ${world}`,
  );
}

function refuseVariant(nemesis: Nemesis, variant: string, scope: NemesisScope): void {
  const { name, variants } = nemesis;
  if (!variants.includes(variant)) {
    throw new UsageError(`expected a shape of ${name} (${variants.join(', ')}), got "${variant}"`);
  }
  if (variantsIn(nemesis, scope).includes(variant)) return;
  throw new UsageError(
    `the fault "${name}:${variant}" does not leave a majority alone, as --mode liveness needs it`,
  );
}
