import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelFilter, labelsOf, markOf, nameOf } from './labels.ts';

const mark = fc.record({
  runId: fc.string(),
  owner: fc.string(),
  cluster: fc.string(),
  keep: fc.boolean(),
});

describe('labels', () => {
  it('give back the mark they were made from', () => {
    fc.assert(
      fc.property(mark, fc.option(fc.string(), { nil: undefined }), (given, node) => {
        expect(markOf(labelsOf(given, node))).toEqual(given);
      }),
    );
  });

  it('of others are not ours', () => {
    expect(markOf({ 'com.example': '1' })).toBeUndefined();
    expect(markOf(null)).toBeUndefined();
  });

  it('are what engines are asked by', () => {
    expect(labelFilter()).toEqual({ label: ['dtest.run'] });
    expect(labelFilter('abc')).toEqual({ label: ['dtest.cluster=abc'] });
  });
});

describe('a name', () => {
  it('holds only what engines allow', () => {
    fc.assert(
      fc.property(fc.string(), (runId) => {
        expect(nameOf(runId, 'n1')).toMatch(/^dtest-[a-zA-Z0-9_.-]*-n1$/);
      }),
    );
  });
});
