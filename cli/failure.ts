/** The user's own mistake: bad arguments or unreadable input. Ends with exit code 254. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What a person needs of an error: the messages of the whole chain, no stack trace. */
export function messageOf(error: unknown): string {
  const messages: string[] = [];
  let current: unknown = error;
  while (current instanceof Error && messages.length < 5) {
    const message = current.message.trim();
    if (message !== '' && !messages.some((earlier) => earlier.includes(message))) {
      messages.push(message);
    }
    current = current.cause;
  }
  return messages.length > 0 ? messages.join(': ') : String(error);
}
