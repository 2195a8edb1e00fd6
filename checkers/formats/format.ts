import type { HistoryEvent } from '../../core/event.ts';

/** A way to write histories down. Pure: the caller opens files and decodes bytes. */
export interface HistoryFormat {
  readonly name: string;
  /** One sentence for help texts. */
  readonly summary: string;
  /**
   * The events of a file in order, as its text comes in. Throws `BadInput` at the first thing that does
   * not fit. Memory is bounded by the longest line and the number of processes.
   */
  read(chunks: Iterable<string>, options: ReadOptions): Iterable<HistoryEvent>;
}

export interface ReadOptions {
  /** The file's name, for messages. */
  readonly file: string;
  /** Told of a last line that was cut off in the middle, as a crash leaves it; it is left out. */
  readonly onTorn?: (message: string) => void;
  /** Told, at the end, of what was left out because it is no operation and no fault. */
  readonly onSkipped?: (message: string) => void;
}
