export { calmConditions, drawConditions } from './conditions.ts';
export { simulatedWorld } from './world.ts';
export type { Trace } from './trace.ts';
export { type Twice, differenceText, twice } from './twice.ts';
