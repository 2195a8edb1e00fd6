import type { Validity } from '../../core/verdict.ts';

/** An algorithm at work on one part of a history. It can be stopped and taken up again at any step. */
export interface Decider {
  readonly name: string;
  /** Steps taken so far; what a step is, the algorithm says. */
  steps(): number;
  /** Works until the answer is known, or until about so many steps in all; then the result is null. */
  run(maxSteps: number): 'valid' | 'invalid' | null;
  /** Whether its memory is used up, so that more steps would not help. */
  isFull?(): boolean;
  /**
   * The operation whose return could not be passed, or has not been so far; null when the algorithm
   * cannot tell. When the answer is `invalid`, the history up to that return is not linearizable and
   * the history before it is.
   */
  stuck(): number | null;
}

/** What came of one part. `unknown` means that the steps were used up. */
export interface Decision {
  readonly valid: Validity;
  readonly algorithm: string;
  readonly steps: number;
  readonly stuck: number | null;
  /** Whether memory, not steps, was what it had too little of. */
  readonly isFull: boolean;
}

export function decisionOf(decider: Decider, result: 'valid' | 'invalid' | null): Decision {
  return {
    valid: result ?? 'unknown',
    algorithm: decider.name,
    steps: decider.steps(),
    stuck: result === 'valid' ? null : decider.stuck(),
    isFull: result === null && decider.isFull?.() === true,
  };
}
