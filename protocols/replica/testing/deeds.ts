/** What a client did and what came of it. Moments count events, so no two are the same. */
export interface Deed {
  readonly kind: 'append' | 'incr' | 'read';
  readonly key: string;
  /** What is appended; unique. */
  readonly token: string;
  readonly invokedAt: number;
  /** Infinity while nothing is known. */
  endedAt: number;
  outcome: 'ok' | 'refused' | 'unknown';
  /** What was read or computed. */
  value: string | number | null;
}

/** Tokens end with this, so that a value is read back as a list. */
export const tokenEnd = ';';

/**
 * Everything wrong with the deeds, given what every key holds in the end. Appended lists show the
 * order of all writes, which makes linearizability a matter of comparing pairs: whatever ended before
 * another began must come before it in that order (Herlihy and Wing 1990).
 */
export function wrongIn(
  deeds: readonly Deed[],
  final: (key: string) => string | null,
  readsAreLinearizable: boolean,
): string[] {
  const keys = [...new Set(deeds.map(({ key }) => key))];
  return keys.flatMap((key) => {
    const ofKey = deeds.filter((deed) => deed.key === key);
    const value = final(key);
    if (ofKey.some(({ kind }) => kind === 'incr')) return wrongCounts(ofKey, Number(value ?? 0));
    const reads = readsAreLinearizable ? ofKey : ofKey.filter(({ kind }) => kind !== 'read');
    return [...wrongTokens(ofKey, tokensOf(value)), ...wrongOrder(reads, tokensOf(value))];
  });
}

function tokensOf(value: string | number | null): string[] {
  return String(value ?? '')
    .split(tokenEnd)
    .slice(0, -1);
}

/** Acknowledged is in exactly once, refused is not in, unknown at most once. */
function wrongTokens(deeds: readonly Deed[], tokens: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
  return deeds.flatMap(({ kind, token, outcome }) => {
    if (kind !== 'append') return [];
    const count = counts.get(token) ?? 0;
    const isRight = count === (outcome === 'ok' ? 1 : 0) || (outcome === 'unknown' && count === 1);
    return isRight ? [] : [`append of ${token} was ${outcome} and is there ${count} times`];
  });
}

function wrongCounts(deeds: readonly Deed[], total: number): string[] {
  const acked = deeds.filter(({ kind, outcome }) => kind === 'incr' && outcome === 'ok');
  const open = deeds.filter(({ kind, outcome }) => kind === 'incr' && outcome === 'unknown');
  const wrong: string[] = [];
  if (total < acked.length || total > acked.length + open.length) {
    wrong.push(`${acked.length} incr were ok, ${open.length} unknown, and the total is ${total}`);
  }
  const values = new Set(acked.map(({ value }) => value));
  if (values.size !== acked.length) wrong.push(`two incr were answered with the same count`);
  return wrong;
}

/** Where a deed stands among the tokens: a read between the last that it saw and the next. */
function wrongOrder(deeds: readonly Deed[], tokens: readonly string[]): string[] {
  const wrong: string[] = [];
  const placed: { readonly deed: Deed; readonly at: number }[] = [];
  for (const deed of deeds) {
    if (deed.kind === 'append') {
      const at = tokens.indexOf(deed.token);
      if (at >= 0) placed.push({ deed, at });
    } else if (deed.outcome === 'ok') {
      const seen = tokensOf(deed.value);
      if (seen.some((token, at) => token !== tokens[at])) {
        wrong.push(`a read saw ${seen.join(' ')}, which is no beginning of ${tokens.join(' ')}`);
      } else {
        placed.push({ deed, at: seen.length - 0.5 });
      }
    }
  }
  for (const one of placed) {
    for (const other of placed) {
      if (one.deed.endedAt < other.deed.invokedAt && one.at > other.at) {
        wrong.push(
          `${nameOf(one.deed)} ended before ${nameOf(other.deed)} began, and comes after it`,
        );
      }
    }
  }
  return wrong;
}

function nameOf({ kind, token, value, invokedAt }: Deed): string {
  return kind === 'append' ? `append of ${token}` : `read of ${String(value)} (${invokedAt})`;
}
