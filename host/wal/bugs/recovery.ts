import { wordsOf } from '../../../core/bug.ts';
import { crc32c } from '../crc32c.ts';
import type { Disk } from '../disk.ts';
import { recordHeaderBytes } from '../record.ts';
import { type OpenWal, type WalBug, onDisk } from './bend.ts';

/** What can be made of a log that a crash or a bad disk left behind. */
export const recoveryBugs: readonly WalBug[] = [
  {
    name: 'wal-torn-tail',
    summary:
      'Records have no checksum and no end: one that was torn as it was written is replayed.',
    source: 'etcd-io/etcd#6378, circlefin/malachite#1434',
    anomaly: 'a replica applies garbage, or misses an entry',
    hunt: wordsOf(
      'register -n 3 --rate 200 --time 10s --nemesis power:after-sending,power:one,partition:isolate-leader --nemesis-interval 500ms',
    ),
    plant: onDisk(trusting),
  },
  {
    name: 'wal-cut-at-corruption',
    summary:
      'A record that is damaged counts as torn: what follows is cut off, and the node votes on.',
    source: "Protocol-Aware Recovery (Alagappan et al., FAST '18); jepsen.io, nats 2.12.1",
    anomaly: 'acknowledged writes are lost',
    hunt: wordsOf(
      'register -n 3 --rate 100 --time 10s --nemesis corrupt,partition:isolate-one,kill --nemesis-interval 500ms',
    ),
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

/** Every record has the checksum that it should have, and what is missing of the last one is zeros. */
function trusting(disk: Disk): Disk {
  const missing = new Map<string, number>();
  return {
    ...disk,
    async *read(name, fromOffset) {
      const parts: Uint8Array[] = [];
      for await (const chunk of disk.read(name, fromOffset)) parts.push(chunk);
      const { bytes, missingBytes } = madeWhole(Buffer.concat(parts));
      missing.set(name, missingBytes);
      if (bytes.length > 0) yield bytes;
    },
    async open(name) {
      const file = await disk.open(name);
      await file.append(new Uint8Array(missing.get(name) ?? 0));
      missing.delete(name);
      return file;
    },
  };
}

const mostMissingBytes = 1 << 16;

function madeWhole(bytes: Buffer): { readonly bytes: Buffer; readonly missingBytes: number } {
  let at = 0;
  while (at + recordHeaderBytes <= bytes.length && bytes.readUInt32LE(at) > 0) {
    const end = at + recordHeaderBytes + bytes.readUInt32LE(at);
    const missingBytes = end - bytes.length;
    if (missingBytes > mostMissingBytes) break;
    if (missingBytes > 0) {
      return { ...madeWhole(Buffer.concat([bytes, Buffer.alloc(missingBytes)])), missingBytes };
    }
    const checksum = crc32c(bytes.subarray(at + 8, end), crc32c(bytes.subarray(at, at + 4)));
    bytes.writeUInt32LE(checksum, at + 4);
    at = end;
  }
  return { bytes, missingBytes: 0 };
}

async function* nothing(): AsyncIterable<Uint8Array> {
  // No bytes.
}
