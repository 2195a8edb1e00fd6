import { appendListModel } from './append-list.ts';
import { counterModel } from './counter.ts';
import { fencedMutexModel } from './fenced-mutex.ts';
import { fifoQueueModel } from './fifo-queue.ts';
import { kvModel, kvStringModel } from './kv.ts';
import { type Model, type ModelEntry, type ModelOptions, modelEntry } from './model.ts';
import { multiRegisterModel } from './multi-register.ts';
import { mutexModel } from './mutex.ts';
import { ownedMutexModel } from './owned-mutex.ts';
import { priorityQueueModel } from './priority-queue.ts';
import { reentrantMutexModel } from './reentrant-mutex.ts';
import { casRegisterModel, registerModel } from './register.ts';
import { setModel } from './set.ts';
import { stackModel } from './stack.ts';
import { unorderedQueueModel } from './unordered-queue.ts';
import { wholeSetModel } from './whole-set.ts';

const entries = [
  modelEntry('register', registerModel),
  modelEntry('cas-register', casRegisterModel),
  modelEntry('kv', kvModel),
  modelEntry('kv-string', kvStringModel),
  modelEntry('append-list', appendListModel),
  modelEntry('mutex', mutexModel),
  modelEntry('owned-mutex', ownedMutexModel),
  modelEntry('reentrant-mutex', reentrantMutexModel),
  modelEntry('fenced-mutex', fencedMutexModel),
  modelEntry('fifo-queue', fifoQueueModel),
  modelEntry('unordered-queue', unorderedQueueModel),
  modelEntry('stack', stackModel),
  modelEntry('priority-queue', priorityQueueModel),
  modelEntry('set', setModel),
  modelEntry('whole-set', wholeSetModel),
  modelEntry('counter', counterModel),
  modelEntry('multi-register', multiRegisterModel),
] as const;

/** Every model by name. */
export const models: Readonly<Record<string, ModelEntry>> = Object.fromEntries(
  entries.map((entry) => [entry.name, entry]),
);

/** Makes a model by name; throws with the names that there are when it is not one of them. */
export function modelNamed(name: string, options?: ModelOptions): Model {
  const entry = Object.hasOwn(models, name) ? models[name] : undefined;
  if (entry !== undefined) return entry.create(options);
  const names = Object.keys(models).join(', ');
  throw new Error(`expected a model, one of ${names}; got ${JSON.stringify(name)}`);
}

/** Makes a model of this index by its name, or one of the user's own. */
export function createModel(model: string | ModelEntry, options?: ModelOptions): Model {
  return typeof model === 'string' ? modelNamed(model, options) : model.create(options);
}

/** Independent registers with read, write and cas, each starting with `init` or null. */
export function casRegister(options?: ModelOptions): Model {
  return modelNamed('cas-register', options);
}
