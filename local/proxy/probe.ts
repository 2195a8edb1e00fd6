import { once } from 'node:events';
import { type Socket, connect, createServer } from 'node:net';
import type { Link } from '../../core/cluster.ts';
import type { Connection, Ways } from './connection.ts';
import { listen, openForwarder } from './forwarder.ts';

/** What became of a probe: it reached the other end, or a cut holds it. */
export type Fate = 'passed' | 'held';

/** A connection over a link on which no node speaks, only the network itself, to see what passes. */
export interface Probe {
  /** Of the node that dials, and of the one that is dialled. */
  readonly link: Link;
  /** To be called when a link has changed. */
  update(): void;
  /** Sends a stamp from each end and resolves once both fates are certain. */
  send(): Promise<{ readonly out: Fate; readonly back: Fate }>;
}

/**
 * Opens a probe while its links are healthy. It travels the path of the nodes' own connections: a
 * forwarder accepts it, dials its far end and passes its bytes through the gates of the same two
 * links. Only the far end differs: a socket of ours, because a node may be dead or paused.
 *
 * No fate is judged by waiting in vain. Bytes are conserved: all that was ever sent one way has
 * arrived, or lies in the gate, or is still on its way. Once arrived and held add up to sent,
 * nothing is on its way, and since order is kept the last stamp was held if anything is.
 */
export async function openProbe(link: Link, ways: Ways): Promise<Probe> {
  const listeners = new Set<() => void>();
  const notify = (): void => {
    for (const listener of listeners) listener();
  };
  const sink = createServer({ noDelay: true });
  const target = await listen(sink);
  const forwarder = await openForwarder(target, {
    out: { isCut: () => ways.out.isCut(), onHeld: notify },
    back: { isCut: () => ways.back.isCut(), onHeld: notify },
  });
  const near = connect({ ...forwarder.address, noDelay: true });
  const [far] = (await once(sink, 'connection')) as [Socket];
  sink.close();
  const connection = onlyOne(forwarder.connections);
  const out = stampsOf(near, far, () => connection.held().out);
  const back = stampsOf(far, near, () => connection.held().back);
  for (const end of [near, far]) {
    end.on('data', notify);
    end.on('error', () => undefined);
  }
  return {
    link,
    update: () => forwarder.update(),
    send: async () => {
      const fate = (stamps: Stamps): Promise<Fate> =>
        new Promise((resolve) => {
          const look = (): void => {
            const seen = stamps.fate();
            if (seen === undefined) return;
            listeners.delete(look);
            resolve(seen);
          };
          listeners.add(look);
          stamps.send();
        });
      const [outFate, backFate] = await Promise.all([fate(out), fate(back)]);
      return { out: outFate, back: backFate };
    },
  };
}

interface Stamps {
  send(): void;
  fate(): Fate | undefined;
}

const stampBytes = 4;

/** Numbered stamps from one end to the other. */
function stampsOf(from: Socket, to: Socket, heldBytes: () => number): Stamps {
  let sent = 0;
  let arrivedBytes = 0;
  let last = Buffer.alloc(0);
  to.on('data', (bytes: Buffer) => {
    arrivedBytes += bytes.length;
    last = Buffer.concat([last, bytes]).subarray(-stampBytes);
  });
  return {
    send() {
      const stamp = Buffer.alloc(stampBytes);
      stamp.writeUInt32BE((sent += 1));
      from.write(stamp);
    },
    fate() {
      const held = heldBytes();
      if (arrivedBytes + held !== sent * stampBytes) return undefined;
      if (held > 0) return 'held';
      return last.readUInt32BE() === sent ? 'passed' : undefined;
    },
  };
}

function onlyOne(connections: ReadonlySet<Connection>): Connection {
  const [connection] = connections;
  if (connection === undefined || connections.size !== 1) {
    throw new Error(`expected one connection over a new probe, got ${connections.size}`);
  }
  return connection;
}
