/** What an operation is. Places in this list are codes in a journal: only ever add at the end. */
export const operationNames = ['read', 'write', 'insert', 'scan', 'modify', 'cas'] as const;

export type OperationName = (typeof operationNames)[number];

/** Places in this list are codes too. */
export const phaseNames = ['invoke', 'ok', 'fail', 'info'] as const;

export type PhaseName = (typeof phaseNames)[number];

export const operationCodes = codesOf(operationNames);
export const phaseCodes = codesOf(phaseNames);

/** A record's first byte: phase in bits 0 and 1, operation in bits 2 to 4, then flags. */
export const operationShift = 2;
/** One of the operations that another one, such as a scan, consists of. */
export const partFlag = 0x20;
/** Before the round's clients began: it puts in place what they expect to be there. */
export const preloadFlag = 0x40;
/** Not an operation: the words for a number by which later records mean them. */
export const wordsTag = 0xff;

/** What a read found, as a code: nothing; something that no client wrote; else a value's number and 2. */
export const absent = 0;
export const unreadable = 1;
export const firstValue = 2;

/** The journal's first line, before its records. */
export interface JournalHeader {
  readonly schema: 1;
  readonly thread: number;
  readonly threads: number;
  /** Slots of this thread; processes are numbered by slot, thread, and how often the slot's was lost. */
  readonly slots: number;
}

export const journalFileOf = (thread: number): string => `thread-${thread}.ops`;

function codesOf<Name extends string>(names: readonly Name[]): Readonly<Record<Name, number>> {
  return Object.fromEntries(names.map((name, code) => [name, code])) as Record<Name, number>;
}

/** What stands in a record's first byte besides the phase. */
export function tagOf(name: OperationName, flags = 0): number {
  return (operationCodes[name] << operationShift) | flags;
}
