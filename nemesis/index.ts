import type { Nemesis } from '../core/nemesis.ts';
import { kill } from './kill.ts';
import { partition } from './partition.ts';
import { pause } from './pause.ts';

/** Every kind of fault, by name. */
export const nemeses: Readonly<Record<string, Nemesis>> = { partition, kill, pause };
