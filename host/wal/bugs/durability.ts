import { wordsOf } from '../../../core/bug.ts';
import type { Disk, DiskFile } from '../disk.ts';
import { logFileOf, segmentName } from '../files.ts';
import type { Wal } from '../wal.ts';
import { type OpenWal, type WalBug, onDisk } from './bend.ts';

/** What can be said to be durable and is not. */
export const durabilityBugs: readonly WalBug[] = [
  {
    name: 'wal-ack-before-fsync',
    summary: 'What was asked for counts as durable at once; it is written and synced after.',
    source: 'tikv/tikv#994; jepsen.io, nats 2.12.1',
    anomaly: 'an acknowledged write is lost',
    hunt: wordsOf(
      'register -n 3 --rate 200 --time 10s --nemesis disk:slow,power --nemesis-interval 1s',
    ),
    plant: acknowledgedAtOnce,
  },
  {
    name: 'wal-no-dir-fsync',
    summary: 'The folder is not synced when a new segment has been created in it.',
    source: 'etcd-io/etcd#6368, baidu/braft#254, cockroachdb/cockroach#117383',
    anomaly: 'a whole segment is gone',
    hunt: wordsOf('register -n 3 --rate 200 --time 10s --nemesis power --nemesis-interval 1s'),
    plant: onDisk(namesUnsynced),
  },
  {
    name: 'wal-fsync-retry',
    summary:
      'A sync that failed is tried once more, and its success counts for what the first one lost.',
    source:
      "cockroachdb/cockroach#37102; Rebello et al., Can Applications Recover from fsync Failures? (ATC '20)",
    anomaly: 'an acknowledged write is lost',
    hunt: wordsOf(
      'register -n 3 --rate 200 --time 10s --nemesis disk:sync-error,kill --nemesis-interval 500ms',
    ),
    plant: onDisk(syncedAgain),
  },
  {
    name: 'wal-snapshot-not-atomic',
    summary: 'The log is cut before the snapshot that takes its place is there.',
    source: 'RedisLabs/redisraft#43, RedisLabs/redisraft#548',
    anomaly: 'an acknowledged write is lost',
    hunt: wordsOf(
      'register -n 3 --rate 100 --time 10s --set snapshotEntries=2 --nemesis power,disk:slow --nemesis-interval 500ms',
    ),
    plant: onDisk(cutBeforeSnapshot),
  },
];

function acknowledgedAtOnce(open: OpenWal): OpenWal {
  return async (options) => {
    const { wal, ...recovered } = await open({ ...options, onDurable: () => undefined });
    let asked = 0;
    const acknowledged: Wal = {
      ...wal,
      persist(records) {
        wal.persist(records);
        options.onDurable(++asked);
      },
      compact(snapshot, records) {
        wal.compact(snapshot, records);
        options.onDurable(++asked);
      },
    };
    return { ...recovered, wal: acknowledged };
  };
}

/** The first segment of all has its name synced, or there would hardly ever be a log to find. */
function namesUnsynced(disk: Disk): Disk {
  let isMissed = false;
  return {
    ...disk,
    create(name) {
      isMissed = name !== segmentName(1);
      return disk.create(name);
    },
    syncFolder: () => (isMissed ? Promise.resolve() : disk.syncFolder()),
  };
}

function syncedAgain(disk: Disk): Disk {
  const bent = (file: DiskFile): DiskFile => ({
    append: (bytes) => file.append(bytes),
    truncate: (lengthBytes) => file.truncate(lengthBytes),
    sync: () => file.sync().catch(() => file.sync()),
    close: () => file.close(),
  });
  return {
    ...disk,
    create: async (name) => bent(await disk.create(name)),
    open: async (name) => bent(await disk.open(name)),
  };
}

function cutBeforeSnapshot(disk: Disk): Disk {
  const gone = new Set<string>();
  const cut = async (): Promise<void> => {
    for (const name of await disk.list()) {
      const file = logFileOf(name);
      if (file === null || file.kind === 'temporary') continue;
      gone.add(name);
      await disk.remove(name);
    }
    await disk.syncFolder();
  };
  return {
    ...disk,
    async create(name) {
      if (logFileOf(name)?.kind === 'temporary') await cut();
      return disk.create(name);
    },
    remove: (name) => (gone.delete(name) ? Promise.resolve() : disk.remove(name)),
  };
}
