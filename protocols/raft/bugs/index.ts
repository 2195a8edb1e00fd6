import type { RaftBug } from './bend.ts';
import { memberBugs } from './members.ts';
import { logBugs } from './logs.ts';
import { readBugs } from './reads.ts';
import { voteBugs } from './votes.ts';

export type { RaftBug } from './bend.ts';

/**
 * Wrong Rafts, each with one well-known mistake. A harness worth its name convicts every one of them;
 * no correct code knows of them.
 */
export const raftBugs: readonly RaftBug[] = [...voteBugs, ...logBugs, ...readBugs, ...memberBugs];
