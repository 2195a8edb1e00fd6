import type { Workload } from '../core/workload.ts';
import { append } from './append.ts';
import { counter } from './counter.ts';
import { kv } from './kv.ts';
import { register } from './register.ts';
import { set } from './set.ts';

/** Every workload, by name. */
export const workloads: Readonly<Record<string, Workload>> = {
  register,
  kv,
  append,
  set,
  counter,
};
