import type { Bug } from '../core/bug.ts';
import type { Settings, System } from '../core/system.ts';
import { systems } from '../systems/index.ts';
import { UsageError } from './failure.ts';
import { lookUp } from './lookup.ts';

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
  return lookUp(
    `bug of ${system.name}`,
    Object.fromEntries(bugs.map((each) => [each.name, each])),
    text,
  );
}

function withoutFirstWord(name: string): string {
  return name.slice(name.indexOf('-') + 1);
}
