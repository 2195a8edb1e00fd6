import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { eventually } from './host-process.ts';

/** A connection that sends any bytes and keeps what comes back, one character a byte. */
export interface RawClient extends Disposable {
  readonly socket: Socket;
  send(bytes: string | Uint8Array): void;
  received(): string;
  isClosed(): boolean;
  /** Waits until so many bytes have come in all. */
  receive(length: number): Promise<string>;
  closed(): Promise<void>;
}

const patienceMs = 15_000;

export async function rawClient(port: number): Promise<RawClient> {
  const socket = connect({ port, host: '127.0.0.1' });
  let received = '';
  let isClosed = false;
  socket.on('error', () => undefined);
  socket.on('close', () => (isClosed = true));
  socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
  await once(socket, 'connect');
  return {
    socket,
    send: (bytes) => void socket.write(typeof bytes === 'string' ? latin1(bytes) : bytes),
    received: () => received,
    isClosed: () => isClosed,
    async receive(length) {
      await eventually(`${length} bytes of reply`, patienceMs, () => {
        if (isClosed && received.length < length) {
          throw new Error(`expected ${length} bytes, got closed after ${JSON.stringify(received)}`);
        }
        return received.length >= length;
      });
      return received;
    },
    closed: () => eventually('the server to hang up', patienceMs, () => isClosed),
    [Symbol.dispose]: () => void socket.destroy(),
  };
}

/** Sends the bytes, and gives back as many bytes of reply as `expected` has. */
export async function ask(port: number, bytes: string, expected: string): Promise<string> {
  using client = await rawClient(port);
  client.send(bytes);
  return await client.receive(expected.length);
}

export function command(...words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;
}

function latin1(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}
