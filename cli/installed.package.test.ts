import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Results } from '../core/run.ts';

const root = join(import.meta.dirname, '..');
const home = mkdtempSync(join(tmpdir(), 'dtest-installed-'));
afterAll(() => {
  rmSync(home, { recursive: true });
});

/** Packed, and installed into an empty folder as its users install it. */
beforeAll(async () => {
  await execa('npm', ['pack', '--pack-destination', home], { cwd: root });
  writeFileSync(join(home, 'package.json'), JSON.stringify({ private: true }));
  const install = ['install', '--no-audit', '--no-fund', tarball()];
  await execa('npm', install, { cwd: home });
}, 600_000);

function tarball(): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  return join(home, `dtest-${version}.tgz`);
}

// Without fonts of the system, text is there only if the package brings its own.
const dtest = (...words: readonly string[]) =>
  execa(process.execPath, [join(home, 'node_modules/.bin/dtest'), ...words], {
    cwd: home,
    env: { DISABLE_SYSTEM_FONTS_LOAD: '1' },
  });

/** Dark pixels in the title's region of a chart. */
async function inkInTitle(path: string): Promise<number> {
  const { createCanvas, loadImage } = await import('canvas');
  const image = await loadImage(path);
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, 1200, 68);
  return data.filter((value, at) => at % 4 === 0 && value < 128).length;
}

it('the tarball is small and holds no binary and no source but what is published', async () => {
  const { stdout } = await execa('tar', ['-tzf', tarball()]);
  const files = stdout.split('\n');
  expect(files.filter((file) => /\.node$|\.test\.|(?<!\.d)\.ts$|\/testing\//.test(file))).toEqual(
    [],
  );
  expect(files).toContain('package/dist/host/main.js');
  expect(files).toContain('package/LICENSE');
  expect(statSync(tarball()).size).toBeLessThan(3_000_000);
});

it('the installed program says its version and lists its parts', async () => {
  expect((await dtest('--version')).stdout).toMatch(/^dtest\/\d/);
  expect((await dtest('list', 'systems')).stdout).toContain('paxos');
});

it('the installed program runs a cluster, judges it and draws charts with text in them', async () => {
  const words = ['-w', 'local', '-n', '3', '-t', '5s', '--nemesis', 'partition', '--json'];
  const { stdout } = await dtest('run', 'register', ...words, '--nemesis-interval', '2s');
  const json = JSON.parse(stdout) as Results & { path: string };
  expect(json.valid).toBe('valid');
  const charts = join(home, json.path, 'charts');
  expect(await inkInTitle(join(charts, 'latency-raw.png'))).toBeGreaterThan(1000);
  // Checks in worker threads, which must find their own file.
  const check = await dtest('check', json.path, '--threads', '2');
  expect(check.stdout).toMatch(/^VALID/);
}, 120_000);

it('a project of its own can type its configuration', async () => {
  mkdirSync(join(home, 'project'));
  const config = `import { defineConfig } from 'dtest';\nexport default defineConfig({ nodse: 3 });\n`;
  writeFileSync(join(home, 'project/dtest.config.ts'), config);
  const options = { cwd: join(home, 'project'), reject: false } as const;
  const bin = join(home, 'node_modules/.bin/dtest');
  const { exitCode, stderr } = await execa(process.execPath, [bin, 'run'], options);
  expect([exitCode, stderr.includes('"nodse"')]).toEqual([254, true]);
});
