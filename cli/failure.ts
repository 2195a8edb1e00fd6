/** The user's own mistake: bad arguments or unreadable input. Ends with exit code 254. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What a person needs of an error: the messages of the whole chain, no stack trace. */
export function messageOf(error: unknown): string {
  const messages: string[] = [];
  for (const message of messagesOf(error)) {
    if (messages.length === mostMessages) break;
    if (message !== '' && !messages.some((earlier) => earlier.includes(message))) {
      messages.push(message);
    }
  }
  return messages.length > 0 ? messages.join(': ') : String(error);
}

const mostMessages = 5;

/** An error first, then its causes; what else went wrong while cleaning up after it comes last. */
function* messagesOf(error: unknown): Generator<string> {
  if (error instanceof SuppressedError) {
    yield* messagesOf(error.suppressed);
    yield* messagesOf(error.error);
  } else if (error instanceof Error) {
    yield error.message.trim();
    yield* messagesOf(error.cause);
  }
}
