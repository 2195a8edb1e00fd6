import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from '../core/run.ts';
import type { MessageRecord } from '../reports/messages/message-record.ts';
import type { Traced } from '../reports/records.ts';
import { type RunFolder, messagesFile, readJson, writeArtifacts } from '../store/run-folder.ts';
import { messagesAround } from './trace-messages.ts';

/**
 * The run with the messages around its violations, where there are any: from its folder, or recorded
 * now and kept there.
 */
export async function withMessages<Kept extends Run>(
  run: Kept,
  folder: RunFolder,
): Promise<Kept | (Kept & Traced)> {
  const path = join(folder.path, messagesFile);
  if (existsSync(path)) {
    const saved = recordIn(await readJson(path).catch(() => null));
    return saved === null ? run : { ...run, messages: saved };
  }
  // The verdict stands all the same; the report then has one picture less.
  const messages = await messagesAround(run).catch(() => null);
  if (messages === null) return run;
  await writeArtifacts(folder, [{ path: messagesFile, content: `${JSON.stringify(messages)}\n` }]);
  return { ...run, messages };
}

/** Null for what is no record: it may come from a newer dtest, and the report can do without. */
function recordIn(value: unknown): MessageRecord | null {
  const record = value as Partial<MessageRecord> | null;
  return record?.schema === 1 && Array.isArray(record.windows) ? (record as MessageRecord) : null;
}
