/**
 * What was made, or, where making it threw, what can be said instead. A verdict that was reached stands
 * whatever becomes of its evidence: working that out may fail on an odd value or in a model's own words.
 */
export function attempt<Value>(make: () => Value, instead: (reason: string) => Value): Value {
  try {
    return make();
  } catch (error) {
    return instead(error instanceof Error ? error.message : String(error));
  }
}
