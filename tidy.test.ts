import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * Which folder may import which; imports point one way. A folder may always import itself and
 * packages. `docs/ARCHITECTURE.md` shows the same table with the reasons.
 */
const mayImport: Record<string, readonly string[]> = {
  core: [],
  wire: ['core'],
  generators: ['core'],
  protocols: ['core'],
  host: ['core', 'protocols', 'wire'],
  simulator: ['core', 'host', 'wire'],
  local: ['core'],
  docker: ['core'],
  systems: ['core', 'host', 'protocols', 'wire'],
  checkers: ['core'],
  load: ['core', 'checkers', 'systems', 'wire'],
  workloads: ['core', 'generators', 'checkers'],
  nemesis: ['core'],
  reports: ['core'],
  runner: ['core', 'generators'],
  store: ['core'],
  compare: ['core', 'reports', 'runner'],
  serve: ['core', 'compare', 'reports', 'store'],
  bench: [
    ...['core', 'checkers', 'reports', 'protocols', 'host', 'wire', 'runner', 'store'],
    ...['cli', 'compare', 'load', 'simulator', 'systems'],
  ],
  cli: [
    'core',
    'checkers',
    'compare',
    'docker',
    'generators',
    'load',
    'local',
    'nemesis',
    'reports',
    'runner',
    'serve',
    'simulator',
    'store',
    'systems',
    'workloads',
  ],
};

const root = import.meta.dirname;

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return path.endsWith('.ts') && !path.endsWith('.d.ts') ? [path] : [];
  });
}

function importsOf(path: string): string[] {
  const text = readFileSync(path, 'utf8');
  const found = text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g);
  return [...found].map((match) => relative(root, resolve(dirname(path), match[1] ?? '')));
}

const folders = Object.keys(mayImport).filter((name) => readdirSync(root).includes(name));

it('every folder with sources stands in the table', () => {
  const found = readdirSync(root, { withFileTypes: true })
    .filter(
      (entry) =>
        entry.isDirectory() && !/^(\..*|node_modules|dist|docs|examples)$/.test(entry.name),
    )
    .map(({ name }) => name)
    .filter((name) => sources(join(root, name)).length > 0);
  expect(found.filter((name) => !(name in mayImport))).toEqual([]);
});

describe.each(folders)('%s/', (folder) => {
  const paths = sources(join(root, folder));

  it('imports only what the table allows', () => {
    const allowed = new Set([folder, ...(mayImport[folder] ?? [])]);
    const wrong = paths
      .filter((path) => !/\.(test|bench)\.ts$/.test(path))
      .flatMap((path) =>
        importsOf(path)
          .filter((target) => !allowed.has(target.split('/')[0] ?? ''))
          .map((target) => `${relative(root, path)} imports ${target}`),
      );
    expect(wrong).toEqual([]);
  });

  it('names files in kebab-case', () => {
    const wrong = paths.filter((path) => !/\/[a-z0-9]+([-.][a-z0-9]+)*\.ts$/.test(path));
    expect(wrong.map((path) => relative(root, path))).toEqual([]);
  });
});

interface Lockfile {
  readonly packages: Record<string, { readonly optionalDependencies?: Record<string, string> }>;
}

describe('package-lock.json', () => {
  it('locks the optional packages of every platform, without which npm ci refuses', () => {
    // Binary packages of other platforms go missing when npm cannot find one exact version.
    const text = readFileSync(join(root, 'package-lock.json'), 'utf8');
    const { packages } = JSON.parse(text) as Lockfile;
    const locked = new Set(Object.keys(packages).map((path) => path.split('node_modules/').at(-1)));
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !locked.has(name))
        .map((name) => `${path} wants ${name}`),
    );
    expect(missing).toEqual([]);
  });
});
