import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linearizable } from '../../checkers/linearizability/index.ts';
import { modelNamed } from '../../checkers/models/index.ts';
import { brief } from '../../checkers/testing/brief.ts';
import type { OpEvent } from '../../core/event.ts';
import type { Verdict } from '../../core/verdict.ts';
import { evidenceOf } from '../../reports/evidence/evidence.ts';
import { timeline } from '../../reports/evidence/timeline.ts';
import { checkFiles } from '../check-files.ts';
import { checkFlagsFor, filesOf } from '../testing/check-flags-for.ts';
import { evidenceLines } from './evidence-lines.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dtest-retell-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const stale = brief(`
  0 invoke write 1
  1 invoke write 9
  0 ok write 1
  0 invoke write 2
  0 ok write 2
  2 invoke read
  2 ok read 1
  1 ok write 9
`);

/** Two keys, of which the second is fine, and something wrong with a third long after. */
const events: readonly OpEvent[] = [
  ...stale.flatMap((event) => [
    { ...event, key: 'a' },
    {
      ...event,
      key: 'b',
      process: event.process + 10,
      ...(event.op === 'read' ? { value: event.phase === 'ok' ? 2 : null } : {}),
    },
  ]),
  ...stale.map((event) => ({ ...event, key: 'c' })),
].map((event, index) => ({ ...event, index, timeNs: index * 1e6 }));

function file(all: readonly OpEvent[]): string {
  const path = join(folder, 'history.jsonl');
  writeFileSync(path, all.map((event) => `${JSON.stringify(event)}\n`).join(''));
  return path;
}

async function judged(all: readonly OpEvent[], stream: boolean): Promise<Verdict | undefined> {
  const outcome = await checkFiles([file(all)], checkFlagsFor({ stream }));
  return filesOf(outcome)[0]?.verdict;
}

describe('a violation that shows while the file is read', () => {
  it.each([
    ['of one key among others', events],
    ['without keys', stale],
  ])('is told as if the file had been judged whole, %s', async (_, all) => {
    const [whole, streamed] = [await judged(all, false), await judged(all, true)];
    expect(whole?.valid).toBe('invalid');
    expect(streamed?.valid).toBe('invalid');
    const first = (verdict?: Verdict) => (verdict?.details?.failures as unknown[])[0];
    expect(first(streamed)).toEqual(first(whole));
    expect(streamed?.summary).toContain('nobody has written the older value since');
    expect(streamed?.details?.algorithms).toHaveProperty('stream');
  });
});

describe('the evidence of a stream alone', () => {
  const stream = linearizable(modelNamed('register')).stream?.();
  let verdict: Verdict | null = null;
  for (const event of stale) verdict = stream?.next(event) ?? verdict;
  const convicted = verdict as unknown as Verdict;

  it('says what could not be placed, and why no order is shown', () => {
    const lines = evidenceLines(convicted);
    expect(lines.filter((line) => line.includes('✗'))).toHaveLength(1);
    expect(lines.at(-1)).toContain('no order of the operations is shown, because it was judged');
  });

  it('is drawn with what was open then', () => {
    const [failure] = evidenceOf(convicted).flatMap(({ failures }) => failures);
    const { picture, undrawn } = timeline(failure!, 'failure');
    expect(undrawn).toBe(0);
    expect(picture.markup.match(/class="operation /g)).toHaveLength(failure!.operations.length);
    expect(picture.markup).toContain('could not be placed anywhere');
  });
});
