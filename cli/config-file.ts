import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError, messageOf } from './failure.ts';
import { importFile } from './import-file.ts';

const names = ['dtest.config.ts', 'dtest.config.js', 'dtest.config.mjs'];

/** What oclif makes of a command line: the flags, and where the value of each came from. */
interface Parsed {
  readonly flags: object;
  readonly metadata: {
    readonly flags: Readonly<Record<string, { readonly setFromDefault?: boolean } | undefined>>;
  };
}

/**
 * Parses the command line with the configuration file's values wherever it says nothing. They are
 * parsed as if they had been typed before it, so that both must meet the same demands.
 */
export async function withConfigFile<Line extends Parsed>(
  parse: (configured: readonly string[]) => Promise<Line>,
  allowed: readonly string[],
): Promise<Line> {
  const typed = await parse([]);
  const found = await readConfigFile();
  if (found === null) return typed;
  const isTyped = (name: string): boolean =>
    name in typed.flags && typed.metadata.flags[name]?.setFromDefault !== true;
  try {
    const words = Object.entries(found.config).flatMap(([name, value]) => {
      if (!allowed.includes(name)) {
        throw new Error(`expected one of ${allowed.join(', ')}, got "${name}"`);
      }
      return isTyped(name) ? [] : wordsOf(name, value);
    });
    return await parse(words);
  } catch (error) {
    throw new UsageError(`${found.path}: ${messageOf(error)}`);
  }
}

/** A flag's value as one would type it. */
function wordsOf(name: string, value: unknown): readonly string[] {
  if (value === undefined || value === false) return [];
  if (value === true) return [`--${name}`];
  if (Array.isArray(value)) return value.flatMap((each: unknown) => wordsOf(name, each));
  if (typeof value === 'string' || typeof value === 'number') return [`--${name}=${value}`];
  throw new Error(
    `expected "${name}" to be a text, a number or a list, got ${JSON.stringify(value)}`,
  );
}

async function readConfigFile(): Promise<{ path: string; config: object } | null> {
  const name = names.find((each) => existsSync(resolve(each)));
  if (name === undefined) return null;
  const path = resolve(name);
  const config = await importFile(path);
  if (typeof config !== 'object' || config === null) {
    throw new UsageError(`${path}: expected a default export with an object of flags`);
  }
  return { path, config };
}
