import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');
const examples = join(root, 'examples/ci');
const home = mkdtempSync(join(tmpdir(), 'dtest-examples-'));
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

/** The same commands, with values that make them short: that is what the variables are for. */
const short = {
  ...{ WORLD: 'sim', TIME: '30s', WORKLOAD: 'register', SEEDS: '1..3', TIME_LIMIT: '60s' },
  ...{ SYSTEMS: 'raft', WORKLOADS: 'register', CLIENTS: '4', BENCH_TIME: '1s', ROUNDS: '3' },
};

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly uses?: string;
}

interface Workflow {
  readonly on?: unknown;
  readonly env?: Readonly<Record<string, string | number>>;
  readonly jobs?: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

/** A project that has dtest among its dependencies. */
function project(name: string): string {
  const folder = join(home, name);
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
  symlinkSync(join(root, 'bin/dtest.js'), join(folder, 'node_modules/.bin/dtest'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, private: true }));
  // Users draw a seed for every run; what these runs come to must not depend on the day.
  writeFileSync(join(folder, 'dtest.config.ts'), 'export default { seed: 7 };\n');
  return folder;
}

async function shell(
  script: string,
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<{ readonly exitCode: number; readonly output: string }> {
  const { exitCode = -1, all } = await execa('bash', ['-e', '-o', 'pipefail', '-c', script], {
    ...{ cwd, env, all: true, reject: false, timeout: 150_000 },
  });
  return { exitCode, output: all };
}

const workflows = readdirSync(join(examples, 'github'));

describe('workflows for GitHub', { timeout: 400_000 }, () => {
  it.each(workflows)(
    '%s is one, with steps that act or run, and no more rights than it needs',
    (name) => {
      const workflow = parse(readFileSync(join(examples, 'github', name), 'utf8')) as Workflow & {
        readonly permissions?: Readonly<Record<string, string>>;
      };
      expect(workflow.on).toBeDefined();
      expect(workflow.permissions?.contents).toBe('read');
      for (const { steps } of Object.values(workflow.jobs ?? {})) {
        expect(steps.every(({ run, uses }) => (run === undefined) !== (uses === undefined))).toBe(
          true,
        );
        // Values of a workflow are no text of a script: they would run as part of it.
        expect(steps.every(({ run = '' }) => !run.includes('${{'))).toBe(true);
      }
    },
  );

  it.each(workflows)('%s runs as it is, with shorter times', async (name) => {
    const workflow = parse(readFileSync(join(examples, 'github', name), 'utf8')) as Workflow;
    const cwd = project(name);
    const summary = join(cwd, 'step-summary.md');
    const given = Object.entries(workflow.env ?? {}).map(([key, value]) => [key, String(value)]);
    const values = Object.fromEntries(given) as Record<string, string>;
    const shorter = Object.entries(short).filter(([key]) => key in values || key === 'WORKLOAD');
    const env = {
      ...{ GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary, ...values },
      ...Object.fromEntries(shorter),
      ...(name === 'performance.yml' ? { TIME: '1s', FAIL_ON: 'throughput<-99%' } : {}),
    };
    const steps = Object.values(workflow.jobs ?? {}).flatMap((job) => job.steps);
    const scripts = steps.flatMap(({ run = '' }) =>
      run.includes('npm ci') || run.includes('gh ') ? [] : [run],
    );
    // A second time, so that there is a baseline to compare with.
    const twice = name === 'performance.yml' ? [...scripts, ...scripts] : scripts;
    for (const script of twice) {
      if (script === '') continue;
      const { exitCode, output } = await shell(script, { cwd, env });
      expect([script, exitCode, output.slice(-2000)]).toEqual([script, 0, expect.any(String)]);
    }
    expect(readFileSync(summary, 'utf8')).toMatch(/^## ✅/mu);
    expect(existsSync(join(cwd, 'junit.xml'))).toBe(true);
    expect(existsSync(join(cwd, 'summary.md'))).toBe(true);
    if (name === 'performance.yml') {
      expect(readFileSync(join(cwd, 'summary.md'), 'utf8')).toContain('throughput&#60;-99%');
    }
  });
});

describe('the pipeline for GitLab', { timeout: 400_000 }, () => {
  it('runs as it is, with shorter times', async () => {
    const text = readFileSync(join(examples, 'gitlab/.gitlab-ci.yml'), 'utf8');
    const { variables, ...pipeline } = parse(text) as {
      readonly variables: Readonly<Record<string, string>>;
    } & Readonly<Record<string, unknown>>;
    const cwd = project('gitlab');
    const env = {
      ...{ ...variables, ...short, FAIL_ON: 'throughput<-99%' },
      ...{ CI_COMMIT_BRANCH: 'main', CI_DEFAULT_BRANCH: 'main' },
    };
    const jobs = Object.values(pipeline)
      .map((job) => (job as { readonly script?: readonly string[] }).script)
      .filter((script) => script !== undefined);
    expect(jobs.length).toBe(3);
    for (const script of jobs) {
      const { exitCode, output } = await shell(script.join('\n'), { cwd, env });
      expect([exitCode, output.slice(-2000)]).toEqual([0, expect.any(String)]);
    }
    expect(existsSync(join(cwd, 'baseline/bench.json'))).toBe(true);
  });
});
