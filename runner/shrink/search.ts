/**
 * Answers with the candidate that failed in the same way (or one as small), or null where none did. It
 * may try the harder the more the candidate would save of the best so far.
 */
export type Test<Candidate> = (candidate: Candidate, best: Candidate) => Promise<Candidate | null>;

/** The smallest candidate so far, and the way to a smaller one. */
export interface Search<Candidate> {
  best(): Candidate;
  /** Takes the candidate for the best if it still fails; false at once when the budget is spent. */
  attempt(candidate: Candidate): Promise<boolean>;
}

/** One way to make candidates smaller. */
export interface Pass<Candidate> {
  /** What it makes smaller, in a word or two, for the progress line. */
  readonly name: string;
  run(search: Search<Candidate>): Promise<void>;
}

export interface SearchOptions<Candidate> {
  readonly passes: readonly Pass<Candidate>[];
  /** Tests, the more patient the later: each comes when those before it find nothing smaller. */
  readonly tests: readonly Test<Candidate>[];
  /** Whether no more may be tried. Asked before each attempt. */
  readonly isSpent: () => boolean;
  /** Told before each attempt. */
  readonly onAttempt?: (pass: string, best: Candidate) => void;
}

export interface Shrunk<Candidate> {
  readonly best: Candidate;
  /** Whether no pass could make it smaller; else the budget was spent before that was known. */
  readonly isMinimal: boolean;
}

/** Goes through the passes again and again until none of them makes the candidate smaller. */
export async function shrink<Candidate>(
  first: Candidate,
  { passes, tests, isSpent, onAttempt = () => undefined }: SearchOptions<Candidate>,
): Promise<Shrunk<Candidate>> {
  let best = first;
  for (const test of tests) {
    const refused = memory();
    for (let before: Candidate | null = null; before !== best && !isSpent();) {
      before = best;
      for (const pass of passes) {
        await pass.run({
          best: () => best,
          async attempt(candidate) {
            if (isSpent() || refused.has(candidate)) return false;
            onAttempt(pass.name, best);
            const failed = await test(candidate, best);
            if (failed === null) refused.add(candidate);
            else best = failed;
            return failed !== null;
          },
        });
      }
    }
  }
  return { best, isMinimal: !isSpent() };
}

/** Candidates larger than this are not kept: by then there are few of them. */
const longestKept = 20_000;

/** What was refused once need not be tried again: the last round repeats much of the one before. */
function memory(): { has(candidate: unknown): boolean; add(candidate: unknown): void } {
  const known = new Set<string>();
  return {
    has: (candidate) => known.has(JSON.stringify(candidate)),
    add(candidate) {
      const text = JSON.stringify(candidate);
      if (text.length <= longestKept) known.add(text);
    },
  };
}
