import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Bench } from '../../core/bench.ts';
import type { Json } from '../../core/json.ts';
import { benchFile, writeJson } from '../../store/run-folder.ts';
import { packageJson } from '../package-root.ts';

/** Writes the whole file or leaves the old one, so that whenever dtest ends, what there is can be read. */
export async function saveBench(folder: string, bench: Bench): Promise<void> {
  await writeJson(join(folder, benchFile), bench);
}

/** Of the machine and what runs on it. */
export function machineFacts(): Record<string, Json> {
  return {
    dtest: packageJson().version,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    cores: availableParallelism(),
    cpu: cpus()[0]?.model ?? 'unknown',
    memoryMb: Math.round(totalmem() / 2 ** 20),
  };
}
