// Builds what is published: dist/ holds the same tree as the checkout, in JavaScript, with the files
// that the program reads at run time beside the modules that read them.
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const data = ['reports/fonts', 'docker/images'];

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
process.stdout.write(`built ${readdirSync(dist, { recursive: true }).length} files into dist/\n`);
