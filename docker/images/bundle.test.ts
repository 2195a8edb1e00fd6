import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundledFiles, importsOf } from './bundle.ts';

describe('the packages that code imports', () => {
  it.each([
    ["import { pack } from 'msgpackr';", ['msgpackr']],
    ["import a, { type B } from '@scope/name/deep/file.js';", ['@scope/name']],
    ["import 'effects';", ['effects']],
    ["export { x } from 'exported';", ['exported']],
    ["import {\n  one,\n  two,\n} from 'lines';", ['lines']],
    ["import type { Only } from 'types';", []],
    ["import { readFile } from 'node:fs';\nimport { mine } from './mine.ts';", []],
    ["const text = `import x from 'quoted'`;", []],
  ])('in %j are %j', (text, expected) => {
    expect(importsOf([{ path: 'a.ts', content: Buffer.from(text) }])).toEqual(expected);
  });
});

describe('the bundle', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'dtest-bundle-'))));
  afterEach(() => rmSync(root, { recursive: true }));

  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };

  it('holds programs and the packages they need, and nothing else', () => {
    write('pkg/core/a.ts', '');
    write('pkg/core/a.test.ts', "import { it } from 'vitest';");
    write('pkg/core/testing/model.ts', "import fc from 'fast-check';");
    write('pkg/host/main.js', "import { used } from 'used';");
    write('pkg/host/main.d.ts', '');
    write('pkg/cli/index.ts', "import 'not-for-hosts';");
    // Installed packages may lie further up, beside this one.
    write('node_modules/used/package.json', '{"dependencies": {"deeper": "1"}}');
    write('node_modules/used/index.js', '');
    write('node_modules/used/index.js.map', '');
    write('node_modules/used/node_modules/deeper/package.json', '{}');
    const paths = bundledFiles(join(root, 'pkg')).map((file) => file.path);
    expect(paths.toSorted()).toEqual([
      'core/a.ts',
      'host/main.js',
      'node_modules/deeper/package.json',
      'node_modules/used/index.js',
      'node_modules/used/package.json',
      'package.json',
    ]);
  });

  it('names the package that is missing', () => {
    write('host/main.ts', "import 'nowhere-to-be-found';");
    expect(() => bundledFiles(root)).toThrow('needs the package nowhere-to-be-found');
  });
});
