import { describe, expect, it } from 'vitest';
import { historyOf } from '../core/history.ts';
import type { Verdict } from '../core/verdict.ts';
import { compose } from './compose.ts';
import { linearizable } from './linearizability/index.ts';
import { defineModel } from './models/define-model.ts';
import { sequential } from './sequential.ts';
import { brief } from './testing/brief.ts';

const wordless = (): string => {
  throw new Error('no words');
};

/** Registers that cannot describe their operations, or their states. */
const models = {
  describeOperation: registerWith({ describeOperation: wordless }),
  describeState: registerWith({ describeState: wordless }),
};

function registerWith(words: object) {
  return defineModel<unknown>({
    name: 'wordless',
    operations: ['read', 'write'],
    init: null,
    step: (state, { op, input, output, phase }) => {
      if (op === 'write') return [input];
      return phase !== 'ok' || state === output ? [state] : [];
    },
    ...words,
  }).create();
}

const stale = historyOf(
  brief(`
    0 invoke write 1
    0 ok write 1
    0 invoke write 2
    0 ok write 2
    0 invoke read
    0 ok read 1
  `),
);

describe.each(Object.entries(models))('a violation stands though %s throws', (_, model) => {
  const reason = 'why could not be worked out: no words';

  it('when the whole history is judged', async () => {
    const verdict = await linearizable(model).check(stale);
    expect(verdict.valid).toBe('invalid');
    expect(verdict.summary).toContain(reason);
    expect(verdict.details).toMatchObject({ failures: [], problems: [expect.any(String)] });
  });

  it('when it is judged as it comes', () => {
    const stream = linearizable(model).stream?.();
    let found: Verdict | null = null;
    for (const event of stale.events()) found = stream?.next(event) ?? found;
    expect(found?.valid).toBe('invalid');
    expect(found?.summary).toContain(reason);
    expect(stream?.end()).toBe(found);
  });

  it('when it is one of several verdicts', async () => {
    const verdict = await compose({ register: linearizable(model) }).check(stale);
    expect(verdict.valid).toBe('invalid');
  });

  it('when the orders of the processes are all that counts', async () => {
    const verdict = await sequential(model).check(stale);
    expect(verdict.valid).toBe('invalid');
    expect(verdict.summary).toMatch(/^not sequentially consistent: /);
  });

  it('when nothing was found, and the search says where it stopped', async () => {
    const verdict = await linearizable(model, { algorithm: 'search' }).check(stale, {
      maxSteps: 1,
    });
    expect(verdict.valid).toBe('unknown');
    expect(verdict.summary).toMatch(/^1 steps of search were not enough/);
  });
});
