import type { SettingSpec, Settings, System } from '../core/system.ts';
import { UsageError } from './failure.ts';
import { lookUp } from './lookup.ts';

export type GivenSetting = readonly [name: string, value: string];

/** `name=value`, as in `--set`. */
export function settingOf(text: string): GivenSetting {
  const at = text.indexOf('=');
  if (at <= 0) throw new UsageError(`expected --set name=value, got "${text}"`);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** All settings of a system: its defaults, what was drawn instead, and what the user gave. */
export function settingsWith(
  system: System,
  given: readonly GivenSetting[],
  drawn: Settings = {},
): Settings {
  const known = Object.fromEntries(system.settings.map((spec) => [spec.name, spec]));
  for (const [name, value] of given) {
    refuseValue(lookUp(`setting of ${system.name}`, known, name), value);
  }
  const defaults = system.settings.map((spec): GivenSetting => [spec.name, spec.default]);
  return { ...Object.fromEntries(defaults), ...drawn, ...Object.fromEntries(given) };
}

/** A node that cannot read its settings would end before it is ready, and say so only in its log. */
function refuseValue({ name, values, default: standard }: SettingSpec, value: string): void {
  const isNumber = values.length === 0 && Number.isFinite(Number(standard));
  if (isNumber ? /^[1-9]\d*$/.test(value) : values.length === 0 || values.includes(value)) return;
  const wanted = isNumber ? 'a whole number of at least 1' : `one of ${values.join(', ')}`;
  throw new UsageError(`expected the setting ${name} to be ${wanted}, got "${value}"`);
}
