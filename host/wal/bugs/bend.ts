import type { Bug } from '../../../core/bug.ts';
import type { Disk } from '../disk.ts';
import type { OpenedWal, WalOptions } from '../wal.ts';

export type OpenWal = (options: WalOptions) => Promise<OpenedWal>;

/** A mistake in the write-ahead log: the correct one, bent from outside. */
export interface WalBug extends Bug {
  readonly plant: (open: OpenWal) => OpenWal;
}

/** Puts something between the log and its disk. */
export function onDisk(bend: (disk: Disk) => Disk): WalBug['plant'] {
  return (open) => (options) => open({ ...options, disk: bend(options.disk) });
}
