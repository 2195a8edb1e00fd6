import type { Bug } from '../core/bug.ts';
import type { Settings, System } from '../core/system.ts';
import { systems } from '../systems/index.ts';
import { UsageError } from './failure.ts';
import { nearest } from './lookup.ts';

/** The bug that the settings plant; null for none. */
export function plantedBug(system: System, { bug }: Settings): Bug | null {
  return system.bugs?.find(({ name }) => name === bug) ?? null;
}

/** The bug of that name, which may be given without its first word where that leaves no doubt. */
export function bugNamed(system: System, text: string): Bug {
  const bugs = system.bugs ?? [];
  const meant = bugs.filter(({ name }) => name === text || withoutFirstWord(name) === text);
  const [bug] = meant;
  if (bug !== undefined && meant.length === 1) return bug;
  if (meant.length > 1) {
    const names = meant.map(({ name }) => name).join(' or ');
    throw new UsageError(`expected one bug, got "${text}", which may be ${names}`);
  }
  const owners = Object.values(systems).filter(({ bugs: own = [] }) =>
    own.some(({ name }) => name === text || withoutFirstWord(name) === text),
  );
  const [owner] = owners;
  if (owner !== undefined) {
    throw new UsageError(
      `expected a bug of ${system.name}, got "${text}", a bug of ${owner.name}: add --system ${owner.name}`,
    );
  }
  const near = nearestOf(
    text,
    bugs.map(({ name }) => name),
  );
  const hint = near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`;
  throw new UsageError(
    `expected a bug of ${system.name}, got "${text}"; \`dtest list bugs\` tells of all ${bugs.length}${hint}`,
  );
}

/** Names of bugs are small sentences: near is what has most words in common, or but for a typing error all. */
function nearestOf(text: string, names: readonly string[]): readonly string[] {
  const mistyped = nearest(text, names);
  if (mistyped !== undefined) return [mistyped];
  const words = new Set(text.split('-'));
  const inCommon = (name: string): number =>
    name.split('-').filter((word) => words.has(word)).length;
  const most = Math.max(...names.map(inCommon));
  return most < 2 ? [] : names.filter((name) => inCommon(name) === most).slice(0, 3);
}

function withoutFirstWord(name: string): string {
  return name.slice(name.indexOf('-') + 1);
}
