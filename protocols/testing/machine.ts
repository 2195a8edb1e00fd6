import type { AppliedEntry, Command, ConsensusSnapshot } from '../consensus.ts';

/** The simplest state machine: it remembers every command, no-ops included. Its snapshot is JSON. */
export interface Machine {
  readonly appliedIndex: number;
  readonly commands: readonly Command[];
  apply(entry: AppliedEntry): void;
  restore(snapshot: ConsensusSnapshot): void;
  snapshot(): string;
}

export function machine(): Machine {
  let commands: Command[] = [];
  return {
    get appliedIndex() {
      return commands.length;
    },
    get commands() {
      return commands;
    },
    apply: (entry) => void commands.push(entry.command),
    restore(snapshot) {
      commands = JSON.parse(snapshot.machine) as Command[];
      if (commands.length !== snapshot.index) {
        const held = `holds ${commands.length} commands`;
        throw new Error(`expected the state of index ${snapshot.index}, the snapshot ${held}`);
      }
    },
    snapshot: () => JSON.stringify(commands),
  };
}
