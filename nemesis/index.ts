import type { Nemesis } from '../core/nemesis.ts';
import { clock } from './clock.ts';
import { corrupt } from './corrupt.ts';
import { disk } from './disk.ts';
import { flaky } from './flaky.ts';
import { kill } from './kill.ts';
import { membership } from './membership.ts';
import { partition } from './partition.ts';
import { pause } from './pause.ts';
import { power } from './power.ts';
import { transfer } from './transfer.ts';
import { wipe } from './wipe.ts';

/** Every kind of fault by name. */
export const nemeses: Readonly<Record<string, Nemesis>> = {
  partition,
  kill,
  pause,
  power,
  clock,
  disk,
  flaky,
  membership,
  transfer,
  corrupt,
  wipe,
};
