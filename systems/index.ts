import type { System } from '../core/system.ts';
import { paxos } from './paxos.ts';
import { raft } from './raft.ts';

/** Every system that dtest knows by name. */
export const systems: Readonly<Record<string, System>> = { raft, paxos };
