export type { Forward, Forwarded, ReplicaMessage } from './message.ts';
export { replicate } from './replicate.ts';
export type { ReplicaState } from './state.ts';
