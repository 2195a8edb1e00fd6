import { open } from 'node:fs/promises';

/** At most this much of a log is ever read. */
export const logLimitBytes = 1024 * 1024;

/** The end of a log, from whole lines; empty where there is no log. */
export async function readLogEnd(path: string, fromByte = 0): Promise<string> {
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return '';
  try {
    const { size } = await file.stat();
    const start = Math.max(fromByte, size - logLimitBytes);
    const { buffer, bytesRead } = await file.read({
      buffer: Buffer.alloc(Math.max(0, size - start)),
      position: start,
    });
    const text = buffer.toString('utf8', 0, bytesRead);
    return start === fromByte ? text : text.slice(text.indexOf('\n') + 1);
  } finally {
    await file.close();
  }
}

export function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
