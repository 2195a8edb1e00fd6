import { grown, strideOf } from './configuration.ts';

/** Configurations with their levels, on top of one another. */
export interface Pile {
  readonly height: number;
  bytes(): number;
  readonly rows: Int32Array;
  levelAt(index: number): number;
  push(from: Int32Array, at: number, level: number): void;
  /** Takes the top one off into a row; gives its level. */
  pop(row: Int32Array): number;
  clear(): void;
}

export function createPile(words: number): Pile {
  const stride = strideOf(words);
  let levels = new Int32Array(16);
  const self = {
    height: 0,
    rows: new Int32Array(16 * stride),
    bytes(): number {
      return levels.byteLength + self.rows.byteLength;
    },
    levelAt: (index: number): number => levels[index] as number,
    push(from: Int32Array, at: number, level: number): void {
      if (self.height === levels.length) {
        levels = grown(levels, self.height + 1);
        self.rows = grown(self.rows, levels.length * stride);
      }
      const { rows } = self;
      const start = self.height * stride;
      for (let field = 0; field < stride; field++) rows[start + field] = from[at + field] as number;
      levels[self.height++] = level;
    },
    pop(row: Int32Array): number {
      const start = --self.height * stride;
      for (let field = 0; field < stride; field++) row[field] = self.rows[start + field] as number;
      return levels[self.height] as number;
    },
    clear(): void {
      self.height = 0;
    },
  };
  return self;
}
