export { answerBugs } from './answers.ts';
export { duplicateSlot, sessionBugs } from './sessions.ts';
export { snapshotBugs } from './snapshots.ts';
