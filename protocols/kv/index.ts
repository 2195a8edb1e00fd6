export {
  type KvCommand,
  type KvMachine,
  applyCommand,
  emptyMachine,
  maxSizeBytes,
  readKey,
} from './machine.ts';
export { maxSessions } from './sessions.ts';
export { restoreSnapshot, takeSnapshot } from './snapshot.ts';
