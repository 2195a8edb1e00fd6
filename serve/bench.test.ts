import { existsSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sampleBench } from '../compare/testing/sample-bench.ts';
import { servedStore } from './testing/served-store.ts';

const { store, server, ask } = servedStore();

describe('a benchmark', () => {
  const underWay = (name: string, rounds: number): string => {
    const bench = sampleBench({ seed: 1 });
    const id = store().bench({ ...bench, name, rounds: bench.rounds.slice(0, rounds) });
    const standing = { done: rounds, rounds: 10, cell: 'raft n3 c16', stage: 'measuring' };
    store().file(
      `${id}/progress.json`,
      JSON.stringify({ schema: 1, ...standing, ok: 7, leftMs: 9 }),
    );
    return id;
  };

  it('under way is running and has no verdict yet, and cannot be deleted', async () => {
    const id = underWay('bench-busy', 2);
    const { text } = await ask(`/run/${id}`);
    expect(text).toContain('● running');
    const answer = await ask(`/run/${id}/delete`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        origin: server().url.slice(0, -1),
      },
      body: `token=${/name="token" value="(\w+)"/u.exec(text)?.[1] ?? ''}`,
    });
    expect(answer.status).toBe(409);
    expect(existsSync(join(store().path, id))).toBe(true);
  });

  it('that was killed is unfinished', async () => {
    const id = underWay('bench-killed', 2);
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(join(store().path, id, 'progress.json'), longAgo, longAgo);
    expect((await ask(`/run/${id}`)).text).toContain('– unfinished');
  });

  it('is followed until its end, whatever its progress says', async () => {
    const id = underWay('bench-followed', 2);
    const answer = await fetch(`${server().url}run/${id}/live`, {
      signal: AbortSignal.timeout(30_000),
    });
    let text = '';
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (text.includes('"done":2') && !text.includes('"done":0')) {
        store().file(`${id}/progress.json`, '{"done": "many", "cell": 5}');
      } else store().remove(`${id}/progress.json`);
    }
    expect(text).toContain('"cell":"raft n3 c16"');
    expect(text).toContain('"state":"finished"');
    expect(text).toContain('2 cells, 2 rounds');
    expect(text).toMatch(/event: end\n/u);
  });

  it('of which nothing was measured is not valid', async () => {
    const bench = { ...sampleBench({ seed: 1 }), name: 'bench-nothing', rounds: [] };
    expect((await ask(`/run/${store().bench(bench)}`)).text).toContain('? unknown');
  });

  it('says how much of it could not be measured', async () => {
    const failures = [{ cell: 'x', round: 1, startedAt: '', why: 'n1 did not start' }];
    const bench = { ...sampleBench({ seed: 1 }), name: 'bench-gaps', failures };
    const { text } = await ask(`/run/${store().bench(bench)}`);
    expect(text).toContain('1 other could not be measured');
    expect(text).toContain('? unknown');
  });

  it('is listed with its figures, and drawn as a trend', async () => {
    const id = store().bench(sampleBench({ seed: 1 }));
    const { text } = await ask(`/run/${id}`);
    expect(text).toMatch(
      /<th scope="row" class="value">raft n3 c16 r0.5 v16<\/th><td class="number">[\d,]+\/s<\/td>/u,
    );
    store().file(`${id}/bench-report.html`, '<!doctype html>');
    expect((await ask(`/run/${id}`)).text).toContain(`/run/${id}/file/bench-report.html">Open`);
    const trend = await ask('/trends?kind=bench&figure=raft+n3+c16+r0.5+v16+throughput');
    expect(trend.text).toContain('<svg class="trend"');
  });
});
