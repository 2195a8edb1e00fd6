import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { versionProblem, whyNot } from './engine.ts';
import { docker } from './index.ts';

describe('the docker world is unavailable', () => {
  let folder: string;
  let socket: string;
  let server: Server | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dtest-engine-'));
    socket = join(folder, 'engine.sock');
    vi.stubEnv('DOCKER_HOST', `unix://${socket}`);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    server?.close();
    rmSync(folder, { recursive: true });
  });

  const serve = async (answer: (request: string) => string | undefined) => {
    const listening = createServer((client) => {
      client.on('error', () => undefined);
      client.on('data', (request) => {
        const body = answer(request.toString());
        if (body === undefined) return;
        client.end(
          `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n` +
            `Content-Length: ${String(body.length)}\r\nConnection: close\r\n\r\n${body}`,
        );
      });
    });
    server = listening;
    await new Promise<void>((resolve) => listening.listen(socket, resolve));
  };

  it('where no engine answers, and says where it looked', async () => {
    const reason = await docker.unavailable();
    expect(reason).toContain(`No Docker engine answers at unix://${socket}`);
    expect(reason).toContain('--world local');
  });

  it('where an engine is silent, within about two seconds', async () => {
    await serve(() => undefined);
    expect(await docker.unavailable()).toContain('no answer within 1800 ms');
  });

  it('where the engine is too old, and says which would do', async () => {
    await serve(() => JSON.stringify({ Version: '18.09.1', ApiVersion: '1.39', Os: 'linux' }));
    expect(await docker.unavailable()).toContain('API 1.41 (Docker 20.10) or newer, got 1.39');
  });

  it('not where an engine answers with what we need', async () => {
    await serve(() => JSON.stringify({ Version: '29.0.0', ApiVersion: '1.52', Os: 'linux' }));
    expect(await docker.unavailable()).toBeNull();
  });

  it('where a context points to a connection that only the docker command can make', async () => {
    const digest = createHash('sha256').update('far').digest('hex');
    const meta = join(folder, 'contexts', 'meta', digest);
    mkdirSync(meta, { recursive: true });
    const context = { Endpoints: { docker: { Host: 'ssh://build.example' } } };
    writeFileSync(join(meta, 'meta.json'), JSON.stringify(context));
    vi.stubEnv('DOCKER_HOST', '');
    vi.stubEnv('DOCKER_CONFIG', folder);
    vi.stubEnv('DOCKER_CONTEXT', 'far');
    expect(await docker.unavailable()).toContain('set DOCKER_HOST instead');
  });
});

describe('the reason', () => {
  it('names the group to join where permission is denied', () => {
    const denied = Object.assign(new Error('connect EACCES'), { code: 'EACCES' });
    expect(whyNot(denied, 'unix:///var/run/docker.sock')).toContain(
      'add yourself to the docker group',
    );
  });

  it('quotes whatever is not understood', () => {
    expect(whyNot(new Error('certificate has expired'), 'tcp://x')).toContain(
      'certificate has expired',
    );
  });
});

describe('an engine', () => {
  it.each([
    ['1.41', null],
    ['1.100', null],
    ['2.0', null],
    ['1.40', expect.stringContaining('1.40')],
    ['1.9', expect.stringContaining('1.9')],
  ])('with API %s is judged by number, not by letter', (ApiVersion, expected) => {
    expect(versionProblem({ Version: 'x', ApiVersion, Os: 'linux' })).toEqual(expected);
  });

  it('for Windows containers will not do', () => {
    const problem = versionProblem({ Version: '29', ApiVersion: '1.50', Os: 'windows' });
    expect(problem).toContain('got one for windows');
  });
});
