import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Source files end in `.ts`, built ones in `.js`; whichever this file is, so are all others. */
export const extension = import.meta.filename.endsWith('.ts') ? 'ts' : 'js';

/** The folder that holds `cli/`, `host/`, …: the checkout itself, or `dist/` of the package. */
export const codeRoot = dirname(import.meta.dirname);

/** The folder with `package.json`. */
export const packageRoot = existsSync(join(codeRoot, 'package.json'))
  ? codeRoot
  : dirname(codeRoot);

interface PackageJson {
  readonly name: string;
  readonly version: string;
}

export function packageJson(): PackageJson {
  return JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as PackageJson;
}
