import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { models } from '../checkers/models/index.ts';
import type { ModelEntry } from '../checkers/models/model.ts';
import { UsageError } from './failure.ts';
import { importFile } from './import-file.ts';
import { lookUp } from './lookup.ts';

/** The model that `--model` names: one of dtest's own, or a file's, such as `./my-model.ts`. */
export async function loadModel(text: string): Promise<ModelEntry> {
  if (!/[/\\]|\.[cm]?[jt]s$/.test(text)) return lookUp('model', models, text);
  const path = resolve(text);
  if (!existsSync(path)) throw new UsageError(`expected a model, found no file at ${text}`);
  const exported = await importFile(path);
  if (isModelEntry(exported)) return exported;
  throw new UsageError(
    `${text}: expected a default export made by defineModel, such as ` +
      `export default defineModel({ name, operations, init, step })`,
  );
}

function isModelEntry(value: unknown): value is ModelEntry {
  return (
    typeof value === 'object' &&
    value !== null &&
    'create' in value &&
    typeof value.create === 'function' &&
    'name' in value &&
    'operations' in value
  );
}
