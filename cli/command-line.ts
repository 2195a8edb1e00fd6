import type { Plan } from '../core/run.ts';
import type { SettingSpec } from '../core/system.ts';
import { formatDuration } from './durations.ts';

/** The shortest command that repeats a plan; shown at the end of every run. */
export function commandLine(plan: Plan, specs: readonly SettingSpec[]): string {
  const parts = ['dtest run', plan.workload];
  const flag = (name: string, value: string | number, byDefault: string | number): void => {
    if (value !== byDefault) parts.push(`--${name}`, quoted(String(value)));
  };
  flag('system', plan.system, '');
  flag('bug', plan.settings.bug ?? 'none', 'none');
  flag('world', plan.world, '');
  flag('nodes', plan.nodes, 5);
  flag('concurrency', plan.concurrency, 10);
  flag('rate', plan.rate, 0);
  flag('time', formatDuration(plan.timeMs), '30s');
  flag('ops', plan.ops, 0);
  flag('keys', plan.keys, 5);
  flag('ops-per-key', plan.opsPerKey, 200);
  flag('read-ratio', plan.readRatio, 0.5);
  flag('timeout', formatDuration(plan.timeoutMs), '2s');
  flag('nemesis', plan.nemesis.join(',') || 'none', '');
  flag('nemesis-interval', formatDuration(plan.nemesisIntervalMs), '5s');
  for (const [name, value] of Object.entries(plan.settings)) {
    if (name === 'bug') continue;
    const spec = specs.find((each) => each.name === name);
    if (value !== spec?.default) parts.push('--set', quoted(`${name}=${value}`));
  }
  for (const text of plan.thresholds) parts.push('--threshold', quoted(text));
  if (plan.mode === 'liveness') parts.push('--mode liveness');
  if (plan.failFast === true) parts.push('--fail-fast');
  flag('seed', plan.seed, '');
  return parts.join(' ');
}

/** Quoted for a POSIX shell where it needs to be. */
export function quoted(text: string): string {
  return /^[\w.,:=/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
