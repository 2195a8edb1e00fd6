import { counter } from './counter.ts';
import { fifoQueue } from './fifo-queue.ts';
import { kv, kvString } from './kv.ts';
import { type Model, type ModelEntry, type ModelOptions, modelEntry } from './model.ts';
import { multiRegister } from './multi-register.ts';
import { mutex } from './mutex.ts';
import { priorityQueue } from './priority-queue.ts';
import { casRegister, register } from './register.ts';
import { set } from './set.ts';
import { stack } from './stack.ts';

/** Every model by name. */
export const models: Readonly<Record<string, ModelEntry>> = Object.fromEntries(
  [
    modelEntry('register', register),
    modelEntry('cas-register', casRegister),
    modelEntry('kv', kv),
    modelEntry('kv-string', kvString),
    modelEntry('mutex', mutex),
    modelEntry('fifo-queue', fifoQueue),
    modelEntry('stack', stack),
    modelEntry('priority-queue', priorityQueue),
    modelEntry('set', set),
    modelEntry('counter', counter),
    modelEntry('multi-register', multiRegister),
  ].map((entry) => [entry.name, entry]),
);

/** Makes a model by name; throws with the names that there are when it is not one of them. */
export function modelNamed(name: string, options?: ModelOptions): Model {
  const entry = models[name];
  if (entry !== undefined) return entry.create(options);
  const names = Object.keys(models).join(', ');
  throw new Error(`expected a model, one of ${names}; got ${JSON.stringify(name)}`);
}
