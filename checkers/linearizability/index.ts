export type { Algorithm } from './algorithm.ts';
export type {
  EvidenceOperation,
  LinearizabilityEvidence,
  LinearizabilityFailure,
} from './evidence.ts';
export { type LinearizableOptions, defaultMaxSteps, linearizable } from './linearizable.ts';
export type { FailedCas } from './part.ts';
