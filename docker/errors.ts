/** The HTTP status with which the engine refused, where it was the engine. */
export function statusOf(error: unknown): number | undefined {
  const { statusCode } = error as { readonly statusCode?: unknown };
  return typeof statusCode === 'number' ? statusCode : undefined;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Lets the given statuses pass: the thing is as wanted already. */
export async function unless(
  work: Promise<unknown>,
  ...statuses: readonly number[]
): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!statuses.includes(statusOf(error) ?? 0)) throw error;
  }
}

/**
 * Waits for all of them, also when one fails: whoever cleans up afterwards must not race with things
 * that are still being made. Then throws the first failure.
 */
export async function settled<const Work extends readonly Promise<unknown>[]>(
  work: Work,
): Promise<{ -readonly [At in keyof Work]: Awaited<Work[At]> }> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
