import { acceptorBugs } from './acceptors.ts';
import type { PaxosBug } from './bend.ts';
import { learnerBugs } from './learners.ts';
import { memberBugs } from './members.ts';
import { proposerBugs } from './proposers.ts';

export type { Paxos, PaxosBug } from './bend.ts';
export { reckless } from './reckless.ts';

/** Multi-Paxos with one thing wrong, in as many ways as are known. */
export const paxosBugs: readonly PaxosBug[] = [
  ...acceptorBugs,
  ...proposerBugs,
  ...learnerBugs,
  ...memberBugs,
];
