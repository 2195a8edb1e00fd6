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
 * `raft.maxBatch=64` for that system, `maxBatch=64` for all that have it.
 */
export function subjectsOf(words: readonly string[], sets: readonly string[]): readonly Subject[] {
  const named = words.map((word): { word: string; system: System; own: GivenSetting[] } => {
    const [name = '', ...rest] = word.split(':');
    const own = rest
      .join(':')
      .split(',')
      .filter((each) => each !== '')
      .map(settingOf);
    return { word, system: lookUp('system', measurable, name), own };
  });
  const twice = words.find((word, at) => words.indexOf(word) !== at);
  if (twice !== undefined) {
    throw new UsageError(
      `expected every system once, or with settings of its own (raft raft:reads=lease), got "${twice}" twice`,
    );
  }
  const given = sets.map((text) =>
    meant(
      text,
      named.map(({ system }) => system),
    ),
  );
  return named.map(({ word, system, own }) => {
    const fromSets = given.flatMap(({ systemName, setting }) =>
      systemName === system.name || (systemName === null && has(system, setting[0]))
        ? [setting]
        : [],
    );
    return {
      name: word,
      system: system.name,
      settings: settingsWith(system, [...fromSets, ...own]),
    };
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
