// cspell:ignore fsecret fetc fpasswd بالعالم
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isForUs, isLoopback, isOurPage, newToken } from './guard.ts';
import { entryId, parseEntryId } from './paths.ts';
import { sampleEvents, sampleStore } from './testing/sample-store.ts';
import { serverOf, servedStore } from './testing/served-store.ts';

const { store, server, ask } = servedStore();

describe('the list', () => {
  it('shows the newest first, fifty at a time, and filters', async () => {
    for (let number = 0; number < 60; number++) {
      store().run({
        number,
        system: number % 3 === 0 ? 'paxos' : 'raft',
        valid: number === 7 ? 'invalid' : 'valid',
      });
    }
    const first = await ask('/');
    expect(first.status).toBe(200);
    expect(first.text.match(/<tr><td><input/gu)?.length).toBe(50);
    expect(first.text).toContain('page 1 of 2');
    expect(first.text.indexOf('2026-01-03')).toBeLessThan(first.text.indexOf('2026-01-02'));
    const invalid = await ask('/?verdict=invalid&system=raft');
    expect(invalid.text).toContain('1 of 60');
    const day = await ask('/?from=2026-01-02&to=2026-01-02');
    expect(day.text).toContain('24 of 60');
    expect((await ask('/?page=99')).text).toContain('page 2 of 2');
    expect((await ask('/?page=-1&from=x&verdict=%00')).status).toBe(200);
  });

  it('knows a run under way from one that died', async () => {
    const going = store().run({ finished: false, system: 'etcd', number: 900 });
    const dead = store().run({ finished: false, system: 'etcd', number: 901 });
    const long = new Date(Date.now() - 3_600_000);
    for (const file of ['history.jsonl', 'test.json'])
      utimesSync(join(store().path, dead, file), long, long);
    const { text } = await ask('/?system=etcd');
    expect(text).toMatch(new RegExp(`${going}[^]*?● running`, 'u'));
    expect(text).toMatch(new RegExp(`${dead}[^]*?– unfinished`, 'u'));
  });

  it('sees at once what is new, and what a file now says', async () => {
    const id = store().run({ system: 'new', reason: 'first words', number: 700 });
    expect((await ask('/?system=new')).text).toContain('first words');
    const path = join(store().path, id, 'results.json');
    writeFileSync(path, JSON.stringify({ valid: 'invalid', reason: 'other words, and longer' }));
    expect((await ask('/?system=new')).text).toContain('other words');
  });

  it('of a thousand runs is there within the deadline, again and again', async () => {
    using many = sampleStore();
    for (let number = 0; number < 1000; number++) many.run({ number });
    await using own = await serverOf(many);
    for (let time = 0; time < 3; time++) {
      const answer = await fetch(own.url, { signal: AbortSignal.timeout(20_000) });
      expect(await answer.text()).toContain('page 1 of 20');
    }
  });
});

describe('no path escapes the store', () => {
  it.each([
    'file/../../../etc/passwd',
    'file/../test.json',
    'file/%2e%2e/%2e%2e/secret',
    'file/..%2f..%2f..%2fsecret',
    'file/%252e%252e/secret',
    'file//etc/passwd',
    'file/%2fetc%2fpasswd',
    'file/test.json%00.png',
    'file/%',
    'file/nodes',
    'file/leak',
    'file/leaks/secret',
    'file/',
    'file/..\\..\\secret',
  ])('%s', async (way) => {
    const id = store().run({ number: 800, system: 'paths' });
    writeFileSync(join(store().path, 'secret'), 'SECRET');
    for (const [name, to] of [
      [`${id}/leak`, join(store().path, 'secret')],
      [`${id}/leaks`, store().path],
    ] as const) {
      if (!existsSync(join(store().path, name))) store().link(name, to);
    }
    mkdirSync(join(store().path, id, 'nodes'), { recursive: true });
    const answer = await ask(`/run/${id}/${way}`);
    expect([301, 400, 404]).toContain(answer.status);
    expect(answer.text).not.toContain('SECRET');
    expect(answer.text).not.toContain('root:');
  });

  it('by way of a name, a timestamp or a linked folder', async () => {
    const id = store().run({ number: 801, system: 'paths' });
    store().link('latest', id);
    store().link('register-paths/linked', '/etc');
    for (const path of [
      '/run/../secret',
      '/run/%2e%2e/store',
      '/run/latest/test.json',
      '/run/register-paths/linked',
      '/run/register-paths/..',
      '/run/.git/x',
    ]) {
      expect((await ask(path)).status).toBe(404);
    }
    expect((await ask('/')).text).not.toContain('linked');
  });

  it('whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const id = parseEntryId(text);
        if (id === null) return;
        expect(`${id.name}/${id.timestamp}`).toMatch(/^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/u);
      }),
    );
    expect(entryId('..', 'x')).toBeNull();
    expect(entryId('a', undefined)).toBeNull();
  });
});

describe('values are never markup', () => {
  const hostile = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '\u0000\u0007\u202Egnp.exe',
    '../../../etc/passwd',
    'مرحبا بالعالم',
    "'; DROP TABLE runs; --",
  ].join(' ');

  it('wherever a run says something', async () => {
    const id = store().run({ number: 850, system: 'hostile', reason: hostile });
    const path = join(store().path, id, 'test.json');
    const plan = { workload: hostile, system: hostile, world: hostile, settings: { bug: hostile } };
    writeFileSync(path, JSON.stringify({ schema: 1, startedAt: hostile, command: hostile, plan }));
    const pages = await Promise.all(
      [
        '/',
        `/run/${id}`,
        '/trends',
        `/?system=${encodeURIComponent(hostile)}`,
        `/trends?figure=${encodeURIComponent(hostile)}`,
      ].map((each) => ask(each)),
    );
    for (const { status, text } of pages) {
      expect(status).toBe(200);
      expect(text).not.toContain('<script>alert');
      expect(text).not.toContain('<img src=x');
      expect(text).not.toMatch(/[\u0000\u0007\u202E]/u);
    }
    expect(pages[0]?.text).toContain('مرحبا');
  });

  it('and a value of 10 MB makes no page of 10 MB', async () => {
    const id = store().run({
      number: 851,
      system: 'large',
      reason: `<b>${'x'.repeat(10_000_000)}`,
    });
    for (const path of ['/', `/run/${id}`]) {
      const { text } = await ask(path);
      expect(text.length).toBeLessThan(200_000);
    }
  });

  it('nor is a history that is opened: it is text, boxed in', async () => {
    const id = store().run({ number: 852, system: 'text' });
    store().file(`${id}/history.jsonl`, '<script>alert(1)</script>\n');
    store().file(`${id}/report.html`, '<script>fetch("/")</script>');
    const history = await ask(`/run/${id}/file/history.jsonl`);
    expect(history.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(history.headers['x-content-type-options']).toBe('nosniff');
    expect(history.headers['content-security-policy']).toContain('sandbox');
    const report = await ask(`/run/${id}/file/report.html`);
    expect(report.headers['content-security-policy']).toContain('sandbox allow-scripts');
    expect(report.headers['content-security-policy']).not.toContain('allow-same-origin');
  });

  it('and folders full of nonsense are listed, or left out, but break nothing', async () => {
    store().file('odd/2026-01-01T00-00-00.000/test.json', 'no json');
    store().file('odd/2026-01-01T00-00-00.001/test.json', 'null');
    store().file('odd/2026-01-01T00-00-00.002/bench.json', '{"cells": 7}');
    store().file('odd/2026-01-01T00-00-00.003/campaign.json', '[]');
    store().file('odd/2026-01-01T00-00-00.004/nothing', '');
    store().file('odd/2026-01-01T00-00-00.005/test.json', '{"plan": []}');
    store().file(
      'odd/2026-01-01T00-00-00.005/results.json',
      '{"valid": "maybe", "stats": {"byOp": 3}}',
    );
    expect((await ask('/')).status).toBe(200);
    for (let last = 0; last <= 5; last++) {
      const { status } = await ask(`/run/odd/2026-01-01T00-00-00.00${last}`);
      expect(status).toBe(last === 4 ? 404 : 200);
    }
  });
});

describe('every page', () => {
  it('carries a policy that lets nothing inline run', async () => {
    const { headers, text } = await ask('/');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    const tags = text.replaceAll(/"[^"]*"/gu, '""');
    expect(tags).not.toMatch(/<style|<[^>]*\s(?:on\w+|style)=/u);
    expect(headers['x-frame-options']).toBe('DENY');
  });

  it('is refused under a name that is not ours (DNS rebinding)', async () => {
    for (const host of [
      'evil.example',
      'evil.example:7878',
      '127.0.0.1.evil.example',
      '192.168.0.1',
    ]) {
      const { status, text } = await ask('/', { headers: { host } });
      expect([400, 421]).toContain(status);
      expect(text).not.toContain('<table');
    }
    expect((await ask('/', { headers: { host: 'localhost' } })).status).toBe(200);
  });
});

describe('who may ask', () => {
  it.each([
    ['127.0.0.1:80', false, true],
    ['127.8.8.8', false, true],
    ['[::1]:7878', false, true],
    ['localhost', false, true],
    ['LOCALHOST:1', false, true],
    ['localhost.evil', false, false],
    ['127.0.0.1@evil', false, false],
    ['10.0.0.1', false, false],
    ['10.0.0.1', true, true],
    ['[fe80::1]:80', true, true],
    ['build.example', true, true],
    ['evil.example', true, false],
    ['', true, false],
  ])('host %s, others let in %s: %s', (host, remote, wanted) => {
    expect(isForUs(host, { hostname: 'build.example', remote })).toBe(wanted);
  });

  it('only this machine is loopback', () => {
    expect(['127.0.0.1', '::1', 'localhost'].every(isLoopback)).toBe(true);
    expect(['0.0.0.0', '::', '127.evil', '128.0.0.1', ''].some(isLoopback)).toBe(false);
  });

  it('only our own pages change anything', () => {
    const own = { host: '127.0.0.1:1', origin: 'http://127.0.0.1:1', fetchSite: 'same-origin' };
    expect(isOurPage(own)).toBe(true);
    expect(isOurPage({ ...own, fetchSite: undefined })).toBe(true);
    expect(isOurPage({ ...own, origin: undefined })).toBe(false);
    expect(isOurPage({ ...own, origin: 'null' })).toBe(false);
    expect(isOurPage({ ...own, origin: 'http://127.0.0.1:2' })).toBe(false);
    expect(isOurPage({ ...own, fetchSite: 'cross-site' })).toBe(false);
  });

  it('a token fits itself alone', () => {
    const token = newToken();
    expect(token.fits(token.text)).toBe(true);
    for (const other of ['', undefined, newToken().text, `${token.text}0`]) {
      expect(token.fits(other)).toBe(false);
    }
  });
});

describe('deleting', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const own = (): Record<string, string> => ({
    ...form,
    origin: server().url.slice(0, -1),
    'sec-fetch-site': 'same-origin',
  });
  const tokenIn = (text: string): string => /name="token" value="(\w+)"/u.exec(text)?.[1] ?? '';

  it('takes the form of our own page, and removes the folder', async () => {
    const id = store().run({ number: 990, system: 'gone' });
    const { text } = await ask(`/run/${id}`);
    const answer = await ask(`/run/${id}/delete`, {
      method: 'POST',
      headers: own(),
      body: `token=${tokenIn(text)}`,
    });
    expect(answer.status).toBe(303);
    expect(existsSync(join(store().path, id))).toBe(false);
    expect((await ask(`/run/${id}`)).status).toBe(404);
  });

  it.each([
    ['by a link', 'GET', {}, true],
    ['from another page', 'POST', { origin: 'http://evil.example' }, true],
    ['from nowhere', 'POST', { origin: '' }, true],
    ['from a page of another site', 'POST', { 'sec-fetch-site': 'cross-site' }, true],
    ['without the token', 'POST', {}, false],
  ])('is refused %s', async (_, method, headers, withToken) => {
    const id = store().run({ number: 991, system: 'kept' });
    const { text } = await ask(`/run/${id}`);
    const body = withToken && method === 'POST' ? `token=${tokenIn(text)}` : '';
    const answer = await ask(`/run/${id}/delete`, {
      method,
      headers: { ...own(), ...headers },
      body,
    });
    expect([403, 404]).toContain(answer.status);
    expect(existsSync(join(store().path, id))).toBe(true);
  });

  it.each([
    [
      'a form that is none',
      400,
      { 'content-type': 'multipart/form-data; boundary=x' },
      'no boundary at all',
    ],
    ['more than a form', 413, {}, `token=${'x'.repeat(10_000)}`],
  ])('is refused with %s', async (_, status, headers, body) => {
    const id = store().run({ number: 993, system: 'kept' });
    const length = { 'content-length': String(body.length) };
    const sent = { method: 'POST', headers: { ...own(), ...headers, ...length }, body };
    expect((await ask(`/run/${id}/delete`, sent)).status).toBe(status);
    expect(existsSync(join(store().path, id))).toBe(true);
  });

  it('leaves a run under way alone', async () => {
    const id = store().run({ number: 992, system: 'busy', finished: false });
    const { text } = await ask(`/run/${id}`);
    const answer = await ask(`/run/${id}/delete`, {
      method: 'POST',
      headers: own(),
      body: `token=${tokenIn(text)}`,
    });
    expect(answer.status).toBe(409);
    expect(existsSync(join(store().path, id))).toBe(true);
  });
});

describe('a run', () => {
  it('is downloaded as a zip, without what links lead to', async () => {
    const id = store().run({ number: 950, system: 'zip', events: sampleEvents(2000) });
    store().link(`${id}/leak`, '/etc/hostname');
    const { status, headers, body } = await ask(`/run/${id}/zip`);
    expect(status).toBe(200);
    expect(headers['content-disposition']).toMatch(
      /^attachment; filename="register-zip-[\w.-]+\.zip"$/u,
    );
    expect(body.subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004');
    const names = body.toString('latin1');
    for (const file of ['test.json', 'results.json', 'history.jsonl'])
      expect(names).toContain(`/${file}`);
    expect(names).not.toContain('leak');
  });

  it('is followed until its end', async () => {
    const id = store().run({
      number: 951,
      system: 'live',
      events: sampleEvents(2000),
      finished: false,
    });
    const answer = await fetch(`${server().url}run/${id}/live`, {
      signal: AbortSignal.timeout(30_000),
    });
    let text = '';
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (
        text.includes('"state":"running"') &&
        !existsSync(join(store().path, id, 'results.json'))
      ) {
        store().file(
          `${id}/results.json`,
          JSON.stringify({ valid: 'invalid', reason: 'a stale read' }),
        );
      }
    }
    expect(text).toContain('"ok":1000');
    expect(text).toContain('"perSecond":500');
    expect(text).toContain('"summary":"a stale read"');
    expect(text).toMatch(/event: end\n/u);
  });
});
