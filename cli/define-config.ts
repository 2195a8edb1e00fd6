export { type ModelDefinition, defineModel } from '../checkers/models/define-model.ts';
export type { Model, ModelEntry, ModelOperation } from '../checkers/models/model.ts';
export type { Json } from '../core/json.ts';

/** What may stand in `dtest.config.ts`: the flags of `dtest run`, by their long names. */
export interface DtestConfig {
  readonly system?: string;
  readonly world?: string;
  readonly nodes?: number;
  readonly concurrency?: number;
  readonly rate?: number;
  readonly time?: string;
  readonly ops?: number;
  readonly keys?: number;
  readonly 'ops-per-key'?: number;
  readonly 'read-ratio'?: string;
  readonly timeout?: string;
  readonly nemesis?: string;
  readonly 'nemesis-interval'?: string;
  readonly reads?: 'index' | 'lease' | 'local';
  readonly forward?: 'on' | 'off';
  readonly set?: readonly string[];
  readonly seed?: number;
  readonly threshold?: readonly string[];
  readonly store?: string;
  readonly junit?: string;
  readonly markdown?: string;
  readonly keep?: boolean;
  readonly quiet?: boolean;
}

/** Types a configuration: `export default defineConfig({ nodes: 3 })` in `dtest.config.ts`. */
export function defineConfig(config: DtestConfig): DtestConfig {
  return config;
}
