import { type AddressInfo, type Socket, createServer } from 'node:net';

/** Bytes to answer with, or a function that may do what it likes with the connection. */
export type Step = string | ((socket: Socket) => void);

/** A TCP server that answers each chunk that it gets with the next step. */
export interface ScriptedServer extends AsyncDisposable {
  readonly port: number;
  /** What clients sent, a chunk each, as byte strings. */
  readonly requests: readonly string[];
  readonly connections: number;
  readonly sockets: ReadonlySet<Socket>;
  /** Stops listening; connections stay. */
  stopListening(): Promise<void>;
}

export async function scriptedServer(steps: readonly Step[], port = 0): Promise<ScriptedServer> {
  const left = [...steps];
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      requests.push(bytes.toString('latin1'));
      const step = left.shift() ?? '-ERR the script is over\r\n';
      if (typeof step === 'string') socket.write(step, 'latin1');
      else step(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const closed = new Promise<void>((resolve) => server.once('close', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    ...{ requests, sockets },
    get connections() {
      return sockets.size;
    },
    async stopListening() {
      server.close();
      await new Promise(setImmediate);
    },
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
