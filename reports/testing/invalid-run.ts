import type { Json, JsonObject } from '../../core/json.ts';
import type { Run } from '../../core/run.ts';
import { type SampleOptions, sampleRun } from './sample-run.ts';

/** A run whose store gave an old value after a newer one had been read: evidence as a checker gives it. */
export function invalidRun(options: SampleOptions = {}): Run {
  const run = sampleRun(options);
  const summary =
    'key 3: process 12 read 2 after the write of 5 had returned, and no order of the operations allows it';
  return {
    ...run,
    results: {
      ...run.results,
      valid: 'invalid',
      reason: `the register is not linearizable at 1 of 5 keys: ${summary}`,
      exitCode: 1,
      verdict: {
        checker: 'register',
        valid: 'invalid',
        summary,
        parts: [
          {
            checker: 'linearizable',
            valid: 'invalid',
            summary,
            details: {
              failures: [staleRead],
              partitions: 5,
              operations: 973,
              steps: 4821,
              unknownKeys: [],
            },
          },
          {
            checker: 'availability',
            valid: 'valid',
            summary: 'every node answered again after healing',
          },
        ],
      },
    },
  };
}

interface Sketch {
  readonly process: number;
  readonly node: string;
  readonly op: string;
  readonly input: Json;
  readonly output: Json;
  readonly phase?: 'ok' | 'info';
  readonly call: number;
  readonly end: number | null;
  readonly label: string;
}

function operation({ call, end, phase, ...rest }: Sketch): JsonObject {
  return {
    ...rest,
    key: 3,
    phase: phase ?? 'ok',
    callNs: 4e9 + call * 1e6,
    returnNs: end === null ? null : 4e9 + end * 1e6,
  };
}

/** Steps put `write 2`, `write 5` and two reads in order; a later read of 2 fits nowhere. */
export const staleRead: JsonObject = {
  key: '3',
  model: 'cas-register',
  summary: 'process 12 read 2 after the write of 5 had returned',
  window: { fromNs: 4e9, toNs: 5.1e9 },
  operations: [
    operation({
      process: 0,
      node: 'n1',
      op: 'write',
      input: 2,
      output: null,
      call: 0,
      end: 4,
      label: 'write 2',
    }),
    operation({
      process: 1,
      node: 'n2',
      op: 'read',
      input: null,
      output: 2,
      call: 1,
      end: 5.5,
      label: 'read → 2',
    }),
    operation({
      process: 14,
      node: 'n3',
      op: 'write',
      input: 7,
      output: null,
      phase: 'info',
      call: 3,
      end: null,
      label: 'write 7',
    }),
    operation({
      process: 0,
      node: 'n1',
      op: 'write',
      input: 5,
      output: null,
      call: 7,
      end: 902,
      label: 'write 5',
    }),
    operation({
      process: 1,
      node: 'n2',
      op: 'cas',
      input: [2, 5],
      output: null,
      call: 8,
      end: 11,
      label: 'cas 2 → 5',
    }),
    operation({
      process: 4,
      node: 'n4',
      op: 'read',
      input: null,
      output: 5,
      call: 300,
      end: 910,
      label: 'read → 5',
    }),
    operation({
      process: 1,
      node: 'n2',
      op: 'read',
      input: null,
      output: 5,
      call: 904,
      end: 908,
      label: 'read → 5',
    }),
    operation({
      process: 12,
      node: 'n3',
      op: 'read',
      input: null,
      output: 2,
      call: 920,
      end: 921.4,
      label: 'read → 2',
    }),
    operation({
      process: 4,
      node: 'n4',
      op: 'cas',
      input: [5, 9],
      output: null,
      call: 919,
      end: 1030,
      label: 'cas 5 → 9',
    }),
  ],
  linearization: [
    { operation: 0, state: '2' },
    { operation: 1, state: '2' },
    { operation: 4, state: '5' },
    { operation: 3, state: '5' },
    { operation: 6, state: '5' },
    { operation: 5, state: '5' },
  ],
  stuck: [7],
  omitted: 3,
};
