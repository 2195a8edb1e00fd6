import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ContextFile } from './tags.ts';

/** What the host program runs on, of this package. */
const folders = ['core', 'protocols', 'wire', 'host'];
/** What stands beside programs and is none: helpers of tests, and packages, which are found by name. */
const skipped = new Set(['testing', 'node_modules']);

/**
 * The files of the bundled image: this package's own code, as it is (TypeScript in a checkout,
 * JavaScript when installed), and the packages that this code imports, found by reading it.
 */
export function bundledFiles(packageRoot: string): ContextFile[] {
  const own = folders
    .filter((folder) => existsSync(join(packageRoot, folder)))
    .flatMap((folder) => filesBelow(packageRoot, folder).filter((path) => isProgram(path)))
    .map((path) => contextFile(packageRoot, path, path));
  const manifest = JSON.stringify({ name: 'dtest-host', private: true, type: 'module' });
  return [
    ...own,
    { path: 'package.json', content: Buffer.from(manifest) },
    ...packagesOf(packageRoot, importsOf(own)),
  ];
}

/** Names of the packages that some of the files import for more than types. */
export function importsOf(files: readonly ContextFile[]): string[] {
  const names = new Set<string>();
  for (const { content } of files) {
    const text = Buffer.from(content).toString('utf8');
    const found = text.matchAll(
      /^(?:import|export)\s+(?!type\b)(?:[^'";]*?from\s+)?['"]([^'"]+)['"]/gm,
    );
    for (const [, from] of found) {
      const name = from === undefined ? undefined : packageName(from);
      if (name !== undefined) names.add(name);
    }
  }
  return [...names].sort();
}

function packageName(from: string): string | undefined {
  if (from.startsWith('.') || from.startsWith('node:')) return undefined;
  return from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/');
}

/** The packages with all they depend on, laid out flat as `node_modules/`. */
function packagesOf(packageRoot: string, names: readonly string[]): ContextFile[] {
  const files: ContextFile[] = [];
  const seen = new Set<string>();
  const waiting = names.map((name) => ({ name, from: packageRoot }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next.name)) continue;
    seen.add(next.name);
    const folder = packageFolder(next.name, next.from);
    for (const path of filesBelow(folder, '.')) {
      if (isNeeded(path))
        files.push(contextFile(folder, path, `node_modules/${next.name}/${path}`));
    }
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      readonly dependencies?: Readonly<Record<string, string>>;
    };
    for (const name of Object.keys(manifest.dependencies ?? {}))
      waiting.push({ name, from: folder });
  }
  return files;
}

/** Looks where Node.js looks: in `node_modules` of this folder and of every one above it. */
function packageFolder(name: string, from: string): string {
  for (let folder = from; ; folder = join(folder, '..')) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (folder === join(folder, '..')) break;
  }
  throw new Error(
    `The bundled image needs the package ${name}: expected it in a node_modules folder at or above ` +
      `${from}, found none. Run npm install.`,
  );
}

function isProgram(path: string): boolean {
  return /\.[jt]s$/.test(path) && !/\.(?:test|bench|d)\.[jt]s$/.test(path);
}

function isNeeded(path: string): boolean {
  return !/\.(?:map|md|d\.ts|d\.cts|d\.mts)$/.test(path);
}

function filesBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '.' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : filesBelow(root, path);
    return entry.isFile() ? [path] : [];
  });
}

function contextFile(root: string, path: string, as: string): ContextFile {
  return { path: as, content: readFileSync(join(root, path)) };
}
