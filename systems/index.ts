import type { System } from '../core/system.ts';
import { etcd } from './etcd/index.ts';
import { paxos } from './paxos.ts';
import { raft } from './raft.ts';
import { redis } from './redis/index.ts';

/** Those that come with dtest. */
export const bundledSystems: Readonly<Record<string, System>> = { raft, paxos };

/** Every system that dtest knows by name. */
export const systems: Readonly<Record<string, System>> = { ...bundledSystems, etcd, redis };
