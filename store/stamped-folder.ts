import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A folder named after the moment at which it was made. */
export interface StampedFolder {
  readonly path: string;
  readonly timestamp: string;
}

/** Makes a new folder in the parent that nobody else has. */
export async function createStampedFolder(parent: string, startedAt: Date): Promise<StampedFolder> {
  await mkdir(parent, { recursive: true }).catch((cause: unknown) => {
    throw new Error(`expected to make the folder ${parent} for runs, but could not`, { cause });
  });
  const stamp = startedAt.toISOString().replaceAll(':', '-').replace('Z', '');
  for (let attempt = 0; attempt < 100; attempt++) {
    const timestamp = attempt === 0 ? stamp : `${stamp}-${String(attempt)}`;
    const path = join(parent, timestamp);
    try {
      await mkdir(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw error;
    }
    return { path, timestamp };
  }
  throw new Error(`expected a free folder name in ${parent}, found 100 taken for ${stamp}`);
}
