import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { models } from '../../checkers/models/index.ts';
import type { Json } from '../../core/json.ts';
import type { Validity } from '../../core/verdict.ts';
import type { PlainOptions, Question, Subject } from '../measure/assignment.ts';

/** A published history, and the group of histories that it belongs to. */
export interface Published {
  readonly family: string;
  readonly subject: Subject;
}

interface Entry {
  readonly file: string;
  readonly family: string;
  readonly format: string;
  readonly model: string;
  readonly init?: Json;
  readonly failedCas?: 'drop' | 'assert';
  readonly expected: Validity;
}

/** A folder with a `manifest.json` that says of each history what it is of and what is known of it. */
export function publishedIn(folder: string): readonly Published[] {
  const manifest = join(folder, 'manifest.json');
  if (!existsSync(manifest)) return [];
  const { histories } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    readonly histories: readonly Entry[];
  };
  return histories.map((entry) => {
    const file = resolve(folder, entry.file);
    return {
      family: entry.family,
      subject: { file, format: entry.format, ...questionOf(entry) },
    };
  });
}

/** Sessions have no order in real time; what is known of them is whether they are causally consistent. */
function questionOf({ format, model, init, failedCas, expected }: Entry): Question {
  if (format === 'session-txt') return { checker: 'isolation', options: {}, expected };
  const start: PlainOptions = init === undefined || init === null ? {} : { init };
  if (!Object.hasOwn(models, model)) {
    return { checker: model, options: start, expected };
  }
  const meaning: PlainOptions = failedCas === undefined ? {} : { failedCas };
  return { checker: 'linearizable', options: { model, ...start, ...meaning }, expected };
}

/**
 * The test data of a checkout of Porcupine, all of it, with the verdicts that its own tests state: 102 logs
 * of etcd, whose failed cas are assertions, and six of a key-value store.
 */
export function porcupineTestData(checkout: string): readonly Published[] {
  const tests = readFileSync(join(checkout, 'porcupine_test.go'), 'utf8');
  const expected = (text: string | undefined): Validity => (text === 'true' ? 'valid' : 'invalid');
  const etcd = [...tests.matchAll(/checkJepsen\(t, (\d+), (true|false)\)/g)].map(
    ([, number = '', valid]): Published => {
      const name = `etcd_${number.padStart(3, '0')}.log`;
      const file = resolve(checkout, 'test_data/jepsen', name);
      return { family: 'etcd', subject: { ...etcdLog, file, expected: expected(valid) } };
    },
  );
  const kv = [...tests.matchAll(/checkKv\(t, "([^"]+)", (true|false), true\)/g)].map(
    ([, name = '', valid]): Published => {
      const file = resolve(checkout, 'test_data/kv', `${name}.txt`);
      return { family: 'kv', subject: { ...kvLog, file, expected: expected(valid) } };
    },
  );
  return [...etcd, ...kv];
}

const etcdLog = {
  format: 'jepsen-log',
  checker: 'linearizable',
  options: { model: 'cas-register', failedCas: 'assert' },
} as const;

const kvLog = {
  format: 'jepsen-edn',
  checker: 'linearizable',
  options: { model: 'kv-string' },
} as const;
