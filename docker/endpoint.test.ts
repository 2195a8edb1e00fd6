import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ReachFacts, engineHost, reachOf } from './endpoint.ts';

describe('the engine', () => {
  let home: string;
  beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'dtest-home-'))));
  afterEach(() => rmSync(home, { recursive: true }));

  const writeContext = (name: string, host: string) => {
    const digest = createHash('sha256').update(name).digest('hex');
    const folder = join(home, '.docker', 'contexts', 'meta', digest);
    mkdirSync(folder, { recursive: true });
    const meta = { Name: name, Endpoints: { docker: { Host: host } } };
    writeFileSync(join(folder, 'meta.json'), JSON.stringify(meta));
  };
  const chooseContext = (name: string) =>
    writeFileSync(join(home, '.docker', 'config.json'), JSON.stringify({ currentContext: name }));

  it('is at the usual socket where nothing else is said', () => {
    expect(engineHost({}, home)).toBeUndefined();
  });

  it('is where the current context says', () => {
    writeContext('colima', 'unix:///home/me/.colima/docker.sock');
    chooseContext('colima');
    expect(engineHost({}, home)).toBe('unix:///home/me/.colima/docker.sock');
  });

  it('is where DOCKER_CONTEXT says before that, and where DOCKER_HOST says before all', () => {
    writeContext('one', 'unix:///one');
    writeContext('two', 'unix:///two');
    chooseContext('one');
    expect(engineHost({ DOCKER_CONTEXT: 'two' }, home)).toBe('unix:///two');
    expect(engineHost({ DOCKER_CONTEXT: 'default' }, home)).toBeUndefined();
    const both = { DOCKER_CONTEXT: 'two', DOCKER_HOST: 'tcp://127.0.0.1:2375' };
    expect(engineHost(both, home)).toBe('tcp://127.0.0.1:2375');
  });

  it('is at the usual socket when the context cannot be read', () => {
    mkdirSync(join(home, '.docker'));
    writeFileSync(join(home, '.docker', 'config.json'), '{ torn');
    expect(engineHost({}, home)).toBeUndefined();
  });
});

describe('ports are reached', () => {
  const linux: ReachFacts = {
    platform: 'linux',
    host: undefined,
    operatingSystem: 'Debian GNU/Linux 12',
    securityOptions: ['name=seccomp,profile=default'],
    wish: undefined,
  };
  const local = { kind: 'published', host: '127.0.0.1', bind: '127.0.0.1' };

  it.each<[string, Partial<ReachFacts>, unknown]>([
    ['at container addresses on Linux', {}, { kind: 'address' }],
    [
      'so over a loopback connection as well',
      { host: 'tcp://127.0.0.1:2375' },
      { kind: 'address' },
    ],
    ['at published ports with Docker Desktop', { operatingSystem: 'Docker Desktop' }, local],
    ['at published ports on macOS', { platform: 'darwin' }, local],
    ['at published ports of a rootless engine', { securityOptions: ['name=rootless'] }, local],
    [
      'at a remote engine’s host',
      { host: 'tcp://docker:2375' },
      { kind: 'published', host: 'docker', bind: '0.0.0.0' },
    ],
    [
      'at the host behind a user name',
      { host: 'ssh://me@build.example' },
      { kind: 'published', host: 'build.example', bind: '0.0.0.0' },
    ],
    ['as the user wishes', { wish: 'published' }, local],
    [
      'as the user wishes, also the other way',
      { platform: 'darwin', wish: 'address' },
      { kind: 'address' },
    ],
  ])('%s', (_, facts, expected) => {
    expect(reachOf({ ...linux, ...facts })).toEqual(expected);
  });
});
