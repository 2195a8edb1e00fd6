// Builds what is published: dist/ holds the same tree as the checkout, in JavaScript, with the files
// that the program reads at run time beside the modules that read them.
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const data = ['reports/fonts', 'docker/images'];
const vendored = 'chartjs-node-canvas';

rmSync(dist, { recursive: true, force: true });
execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
for (const folder of data) {
  cpSync(join(root, folder), join(dist, folder), {
    recursive: true,
    filter: (source) => !source.endsWith('.ts'),
  });
}

// chartjs-node-canvas asks for a canvas that must be compiled. In the checkout an override gives it
// @napi-rs/canvas instead, but overrides do not reach those who install the package. So its own copy
// goes along, and finds the canvas under the name that our dependencies give it.
const source = join(root, 'node_modules', vendored);
const target = join(dist, 'vendor', vendored);
for (const part of ['package.json', 'LICENSE', 'dist']) {
  cpSync(join(source, part), join(target, part), {
    recursive: true,
    filter: (path) => !path.endsWith('.map') && !path.endsWith('.d.ts') && !path.includes('spec'),
  });
}
const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const imports = { [`#${vendored}`]: `./vendor/${vendored}/dist/index.js` };
const scope = { name, version, type: 'module', imports };
writeFileSync(join(dist, 'package.json'), `${JSON.stringify(scope, null, 2)}\n`);
process.stdout.write(`built ${readdirSync(dist, { recursive: true }).length} files into dist/\n`);
