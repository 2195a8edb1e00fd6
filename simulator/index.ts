export { calmConditions, drawConditions } from './conditions.ts';
export { simulatedWorld } from './world.ts';
