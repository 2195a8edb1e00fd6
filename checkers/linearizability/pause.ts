/** Lets timers, signals and messages have their turn; a resolved promise alone would not. */
export async function pause(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  await new Promise<void>((resolve) => {
    port1.once('message', () => resolve());
    port2.postMessage(null);
  });
  port1.close();
}
