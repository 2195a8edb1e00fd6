type Numbers = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

/** A typed array that grows: a column of a table with millions of rows costs bytes, not objects. */
export interface Column<A extends Numbers> {
  readonly length: () => number;
  readonly push: (value: number) => void;
  readonly at: (row: number) => number;
  readonly set: (row: number, value: number) => void;
  /** What was pushed; it shares memory with the column, which must not grow after it. */
  readonly values: () => A;
}

export const bytes = (): Column<Uint8Array> => columnOf((length) => new Uint8Array(length));
export const naturals = (): Column<Uint32Array> => columnOf((length) => new Uint32Array(length));
export const integers = (): Column<Int32Array> => columnOf((length) => new Int32Array(length));
export const floats = (): Column<Float64Array> => columnOf((length) => new Float64Array(length));

function columnOf<A extends Numbers>(create: (length: number) => A): Column<A> {
  let cells = create(64);
  let length = 0;
  return {
    length: () => length,
    push(value) {
      if (length === cells.length) {
        const wider = create(2 * length);
        wider.set(cells);
        cells = wider;
      }
      cells[length++] = value;
    },
    at: (row) => cells[row] ?? 0,
    set(row, value) {
      cells[row] = value;
    },
    values: () => cells.subarray(0, length) as A,
  };
}
