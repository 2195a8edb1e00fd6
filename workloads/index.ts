import type { Workload } from '../core/workload.ts';
import { register } from './register.ts';

/** Every workload, by name. */
export const workloads: Readonly<Record<string, Workload>> = { register };
