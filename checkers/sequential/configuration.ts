import type { Program } from './program.ts';

/**
 * How far each session is, which crashed operations are used, and the state of each part, side by side
 * in one array: two orders that lead to the same one can be continued in the same ways.
 */
export type Configuration = Int32Array;

/** Where things stand in a configuration. */
export interface Places {
  readonly size: number;
  readonly states: number;
  partOf(operation: number): number;
  used(configuration: Configuration, crashed: number): boolean;
  advance(configuration: Configuration, operation: number): void;
}

export function placesIn({ sessions, crashed, parts, operations }: Program): Places {
  const used = sessions.length;
  const states = used + Math.ceil(crashed.length / 32);
  const crashedAt = new Map(crashed.map(({ operation }, at) => [operation, at]));
  const sessionOf = new Map(sessions.flatMap((own, at) => own.map((each) => [each, at] as const)));
  return {
    size: states + parts.length,
    states,
    partOf: (operation) => states + (operations[operation]?.part ?? 0),
    used: (configuration, at) => (((configuration[used + (at >> 5)] ?? 0) >>> (at & 31)) & 1) === 1,
    advance(configuration, operation) {
      const at = crashedAt.get(operation);
      const place = at === undefined ? (sessionOf.get(operation) ?? 0) : used + (at >> 5);
      const value = configuration[place] ?? 0;
      configuration[place] = at === undefined ? value + 1 : value | (1 << (at & 31));
    },
  };
}

/** Every number as two characters; in pieces, because a call takes only so many arguments. */
export function nameOf(configuration: Configuration): string {
  const halves = new Uint16Array(configuration.buffer);
  let name = '';
  for (let from = 0; from < halves.length; from += 8192) {
    name += String.fromCharCode(...halves.subarray(from, from + 8192));
  }
  return name;
}
