import type { System } from '../../core/system.ts';
import { loopbackSystem } from './loopback-system.ts';
import { nullSystem } from './null-system.ts';

/** Systems that do nothing: what is measured with them is the generator, without and with sockets. */
export const nullSystems: Readonly<Record<string, System>> = {
  null: nullSystem,
  loopback: loopbackSystem,
};
