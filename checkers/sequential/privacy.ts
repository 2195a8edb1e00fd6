import type { Program } from './program.ts';

/** Who has how much left to do with each part. */
export interface Privacy {
  count(operation: number, by: 1 | -1): void;
  isPrivate(operation: number): boolean;
}

export function privacyOf({ operations, sessions, crashed, parts }: Program): Privacy {
  const all = new Int32Array(parts.length);
  const own = sessions.map(() => new Map<number, number>());
  const sessionOf = new Map(sessions.flatMap((each, at) => each.map((one) => [one, at] as const)));
  const count = (operation: number, by: 1 | -1): void => {
    const part = operations[operation]?.part ?? 0;
    all[part] = (all[part] ?? 0) + by;
    const mine = own[sessionOf.get(operation) ?? -1];
    mine?.set(part, (mine.get(part) ?? 0) + by);
  };
  for (const each of sessions.flat()) count(each, 1);
  for (const { operation } of crashed) count(operation, 1);
  return {
    count,
    isPrivate(operation) {
      const part = operations[operation]?.part ?? 0;
      return own[sessionOf.get(operation) ?? -1]?.get(part) === all[part];
    },
  };
}
