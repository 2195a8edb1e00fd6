import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Source files end in `.ts`, built ones in `.js`; whichever this file is, so are all others. */
export const extension = import.meta.filename.endsWith('.ts') ? 'ts' : 'js';

/** The folder with `cli/`, `host/`, … and a `package.json`: the checkout, or `dist/` of the package. */
export const packageRoot = dirname(import.meta.dirname);

export interface PackageJson {
  readonly name: string;
  readonly version: string;
}

export function packageJson(): PackageJson {
  return JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as PackageJson;
}
