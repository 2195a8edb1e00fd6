import type { System } from '../../core/system.ts';
import { nullSystems } from '../../load/null/index.ts';
import type { Subject } from '../../runner/bench/cells.ts';
import { systems } from '../../systems/index.ts';
import { UsageError } from '../failure.ts';
import { lookUp } from '../lookup.ts';
import { type GivenSetting, settingOf, settingsWith } from '../settings.ts';

/** What can be measured. */
export const measurable: Readonly<Record<string, System>> = { ...systems, ...nullSystems };

/**
 * `raft` or `raft:reads=lease,maxBatch=64`, each with the settings of `--set` that are meant for it:
 * `raft.maxBatch=64` for that system, `maxBatch=64` for all that have it. What is named again is measured
 * again, against itself: `raft raft` are `raft` and `raft#2`.
 */
export function subjectsOf(words: readonly string[], sets: readonly string[]): readonly Subject[] {
  const named = numbered(words.map(namedBy));
  const given = sets.map((text) =>
    meant(
      text,
      named.map(({ system }) => system),
    ),
  );
  return named.map(({ name, system, own }) => {
    const fromSets = given.flatMap(({ systemName, setting }) =>
      systemName === system.name || (systemName === null && has(system, setting[0]))
        ? [setting]
        : [],
    );
    return {
      name,
      system: system.name,
      settings: settingsWith(system, [...fromSets, ...own]),
    };
  });
}

interface Named {
  readonly name: string;
  readonly system: System;
  readonly own: readonly GivenSetting[];
}

/** `raft:` is `raft`, as nothing follows. */
function namedBy(word: string): Named {
  const [name = '', ...rest] = word.split(':');
  const texts = rest
    .join(':')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  return {
    name: texts.length === 0 ? name : `${name}:${texts.join(',')}`,
    system: lookUp('system', measurable, name),
    own: texts.map(settingOf),
  };
}

/** Names are what rounds are kept and compared by, so no two are the same. */
function numbered(all: readonly Named[]): readonly Named[] {
  return all.map((each, at) => {
    const before = all.slice(0, at).filter(({ name }) => name === each.name).length;
    return before === 0 ? each : { ...each, name: `${each.name}#${before + 1}` };
  });
}

interface Meant {
  /** Null means every system that has it. */
  readonly systemName: string | null;
  readonly setting: GivenSetting;
}

function meant(text: string, all: readonly System[]): Meant {
  const [name, value] = settingOf(text);
  const dot = name.indexOf('.');
  const systemName = dot < 0 ? null : name.slice(0, dot);
  const setting: GivenSetting = [name.slice(dot + 1), value];
  if (systemName !== null && all.every((system) => system.name !== systemName)) {
    throw new UsageError(
      `expected --set to name one of ${all.map((system) => system.name).join(', ')}, got "${text}"`,
    );
  }
  if (systemName === null && !all.some((system) => has(system, name))) {
    throw new UsageError(
      `expected a setting of ${all.map((system) => system.name).join(' or ')}, got --set "${text}"; dtest list systems names them`,
    );
  }
  return { systemName, setting };
}

function has({ settings }: System, name: string): boolean {
  return settings.some((spec) => spec.name === name);
}
