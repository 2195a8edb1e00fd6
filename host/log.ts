/** What the host tells whoever runs it: one line of JSON each, on standard output. */
export type Log = (
  level: 'info' | 'warn' | 'error',
  message: string,
  fields?: Readonly<Record<string, unknown>>,
) => void;

export const stdoutLog: Log = (level, message, fields) => {
  const time = new Date().toISOString();
  process.stdout.write(`${JSON.stringify({ time, level, message, ...fields })}\n`);
};
