import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError, messageOf } from './failure.ts';

const names = ['dtest.config.ts', 'dtest.config.js', 'dtest.config.mjs'];

/** Where a flag's value came from, as oclif tells it. */
export type FlagOrigins = Readonly<
  Record<string, { readonly setFromDefault?: boolean } | undefined>
>;

/** The flags, with the configuration file's values wherever the command line said nothing. */
export async function withConfigFile<Flags extends object>(
  flags: Flags,
  origins: FlagOrigins,
  allowed: readonly string[],
): Promise<Flags> {
  const found = await readConfigFile();
  if (found === null) return flags;
  const merged = { ...flags } as Record<string, unknown>;
  for (const [name, value] of Object.entries(found.config)) {
    if (!allowed.includes(name)) {
      throw new UsageError(`${found.path}: expected one of ${allowed.join(', ')}, got "${name}"`);
    }
    const given = name in flags && origins[name]?.setFromDefault !== true;
    if (!given) merged[name] = value;
  }
  return merged as Flags;
}

async function readConfigFile(): Promise<{ path: string; config: object } | null> {
  const name = names.find((each) => existsSync(resolve(each)));
  if (name === undefined) return null;
  const path = resolve(name);
  const module = (await import(pathToFileURL(path).href).catch((error: unknown) => {
    throw new UsageError(`${path} could not be loaded: ${messageOf(error)}`);
  })) as { readonly default?: unknown };
  if (typeof module.default !== 'object' || module.default === null) {
    throw new UsageError(`${path}: expected a default export with an object of flags`);
  }
  return { path, config: module.default };
}
