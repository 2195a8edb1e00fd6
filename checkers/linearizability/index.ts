export type { Algorithm } from './algorithm.ts';
export type { LinearizabilityEvidence } from './evidence.ts';
export { type LinearizableOptions, defaultMaxSteps, linearizable } from './linearizable.ts';
export type { FailedCas } from './part.ts';
