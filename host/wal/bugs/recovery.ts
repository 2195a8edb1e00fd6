import { wordsOf } from '../../../core/bug.ts';
import { crc32c } from '../crc32c.ts';
import { recordHeaderBytes } from '../record.ts';
import { type OpenWal, type WalBug, onDisk } from './bend.ts';

/** What can be made of a log that a crash or a bad disk left behind. */
export const recoveryBugs: readonly WalBug[] = [
  {
    name: 'wal-torn-tail',
    summary: 'Records have no checksum: one that was torn as it was written is replayed.',
    source: 'etcd-io/etcd#6378, circlefin/malachite#1434',
    anomaly: 'a replica applies garbage, or misses an entry',
    hunt: wordsOf(
      'register -n 3 --rate 200 --time 10s --nemesis power,disk:slow --nemesis-interval 500ms',
    ),
    plant: onDisk((disk) => ({
      ...disk,
      read: (...place) => withoutChecksums(disk.read(...place)),
    })),
  },
  {
    name: 'wal-cut-at-corruption',
    summary:
      'A record that is damaged counts as torn: what follows is cut off, and the node votes on.',
    source: "Protocol-Aware Recovery (Alagappan et al., FAST '18); jepsen.io, nats 2.12.1",
    anomaly: 'acknowledged writes are lost',
    hunt: wordsOf('register -n 3 --rate 200 --time 10s --nemesis power --nemesis-interval 1s'),
    // Whoever looks for a later record, to tell damage from a tear, reads on from the flaw.
    plant: onDisk((disk) => ({
      ...disk,
      read: (name, fromOffset = 0) => (fromOffset > 0 ? nothing() : disk.read(name)),
    })),
  },
  {
    name: 'wal-blank-rejoin',
    summary: 'A node that starts again does so on an empty disk, under its old name, and votes.',
    source: 'palantir/atlasdb#1504',
    anomaly: 'an acknowledged write is lost',
    hunt: wordsOf(
      'register -n 3 --rate 100 --time 10s --nemesis kill,partition:isolate-one --nemesis-interval 1s',
    ),
    plant: onBlankDisk,
  },
];

function onBlankDisk(open: OpenWal): OpenWal {
  return async (options) => {
    const { disk } = options;
    for (const name of await disk.list()) await disk.remove(name);
    await disk.syncFolder();
    return open(options);
  };
}

/** Gives every record that has its length the checksum that it should have. */
async function* withoutChecksums(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  const bytes = Buffer.concat(parts);
  for (let at = 0; at + recordHeaderBytes <= bytes.length;) {
    const end = at + recordHeaderBytes + bytes.readUInt32LE(at);
    if (end > bytes.length) break;
    const checksum = crc32c(bytes.subarray(at + 8, end), crc32c(bytes.subarray(at, at + 4)));
    bytes.writeUInt32LE(checksum, at + 4);
    at = end;
  }
  if (bytes.length > 0) yield bytes;
}

async function* nothing(): AsyncIterable<Uint8Array> {
  // No bytes.
}
