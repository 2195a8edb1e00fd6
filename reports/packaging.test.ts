import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'dtest-packaging-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Record<string, string>;
}

function readJson(path: string): Manifest {
  return JSON.parse(readFileSync(path, 'utf8')) as Manifest;
}

function writeJson(path: string, value: object): void {
  writeFileSync(path, JSON.stringify(value, null, 2));
}

/**
 * Lays out the package as it is published. npm bundles whatever a bundled package depends on, so the
 * canvas and its platform's binary must not lie beside it; and the bundled copy must ask for the
 * canvas that is really there, or `npm ls` calls every installation invalid.
 */
async function stagePackage(stage: string): Promise<void> {
  const { dependencies, ...manifest } = readJson(join(root, 'package.json'));
  mkdirSync(stage);
  writeJson(join(stage, 'package.json'), {
    ...manifest,
    dependencies,
    scripts: {},
    devDependencies: {},
    files: ['dist'],
  });
  writeJson(join(folder, 'tsconfig.json'), {
    extends: join(root, 'tsconfig.build.json'),
    compilerOptions: {
      rootDir: root,
      outDir: join(stage, 'dist'),
      typeRoots: [join(root, 'node_modules/@types')],
    },
    include: [join(root, 'core'), join(root, 'reports')],
    exclude: ['**/*.test.ts', '**/testing/**'].map((each) => join(root, each)),
  });
  await execa('tsc', ['-p', join(folder, 'tsconfig.json')], { preferLocal: true, localDir: root });
  cpSync(join(root, 'reports/fonts'), join(stage, 'dist/reports/fonts'), { recursive: true });
  for (const name of ['chartjs-node-canvas', 'tslib']) {
    const target = join(stage, 'node_modules', name);
    cpSync(join(root, 'node_modules', name), target, { recursive: true });
  }
  const bundled = join(stage, 'node_modules/chartjs-node-canvas/package.json');
  const { dependencies: own, ...rest } = readJson(bundled);
  writeJson(bundled, { ...rest, dependencies: { ...own, canvas: dependencies.canvas } });
}

const program = `
  import { writeFileSync } from 'node:fs';
  import { createCanvas, loadImage } from 'canvas';
  import { reporters } from 'dtest/reports';
  const latencyMs = { p50: 1, p90: 1, p99: 1, p999: 1, max: 1, mean: 1 };
  const stats = { durationMs: 1, counts: { ok: 1, fail: 0, info: 0 }, byOp: {}, throughput: 1, latencyMs };
  const plan = { workload: 'register', system: 'raft', settings: {}, world: 'local', nodes: 5, concurrency: 1, rate: 0, faults: [] };
  const verdict = { checker: 'none', valid: 'valid', summary: 'nothing happened' };
  const results = { valid: 'valid', reason: 'nothing happened', verdict, faults: [], stats, thresholds: [], exitCode: 0 };
  const event = { index: 0, timeNs: 0, process: 0, phase: 'invoke', op: 'read', value: null };
  const events = [event, { ...event, index: 1, timeNs: 1e6, phase: 'ok' }];
  const run = { name: 'packaged', path: 'store', startedAt: '', plan, facts: {}, results, command: '', history: { events: () => events } };
  for (const [name, reporter] of Object.entries(reporters)) {
    for (const { path, content } of await reporter.render(run)) {
      writeFileSync(path.replaceAll('/', '-'), content);
      console.log(name, path, path.endsWith('.png') ? await inkInTitle(content) : '');
    }
  }
  async function inkInTitle(png) {
    const image = await loadImage(png);
    const context = createCanvas(image.width, image.height).getContext('2d');
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, 1200, 68).data.filter((value, at) => at % 4 === 0 && value < 128).length;
  }
`;

// Needs a package registry and about a minute, so it runs where it is asked for.
describe.runIf(process.env.DTEST_PACKAGING === '1')('the published package', () => {
  it('renders charts with text where it is installed alone', { timeout: 600_000 }, async () => {
    const stage = join(folder, 'package');
    await stagePackage(stage);
    await execa('npm', ['pack', '--pack-destination', folder], { cwd: stage, timeout: 120_000 });
    const { name, version } = readJson(join(stage, 'package.json'));
    const tarball = join(folder, `${name}-${version}.tgz`);

    const { stdout: files } = await execa('tar', ['-tzf', tarball]);
    const bundled = files.split('\n').filter((path) => path.startsWith('package/node_modules/'));
    expect(new Set(bundled.map((path) => path.split('/')[2]))).toEqual(
      new Set(['chartjs-node-canvas', 'tslib']),
    );
    expect(statSync(tarball).size).toBeLessThan(3_000_000);

    const home = join(folder, 'home');
    mkdirSync(home);
    writeJson(join(home, 'package.json'), { private: true, type: 'module' });
    await execa('npm', ['install', '--no-audit', '--no-fund', tarball], {
      cwd: home,
      timeout: 300_000,
    });
    await execa('npm', ['ls', 'canvas'], { cwd: home, timeout: 60_000 });

    const entry = join(home, 'node_modules', name, 'dist/reports/index.js');
    writeFileSync(join(home, 'render.js'), program.replace('dtest/reports', entry));
    const env = { DISABLE_SYSTEM_FONTS_LOAD: '1' };
    const { stdout } = await execa(process.execPath, ['render.js'], {
      cwd: home,
      env,
      timeout: 60_000,
    });
    expect(stdout).toContain('html report.html');

    const ink = Number(/charts\/latency-raw\.png (\d+)/u.exec(stdout)?.[1]);
    expect(ink).toBeGreaterThan(1000);

    rmSync(join(home, 'node_modules', name, 'dist/reports/fonts/DejaVuSans.ttf'));
    const broken = await execa(process.execPath, ['render.js'], { cwd: home, env, reject: false });
    expect(broken.stderr).toContain('expected to load the font');
  });
});
