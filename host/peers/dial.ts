import { type Socket, connect } from 'node:net';
import type { Address } from '../../core/cluster.ts';
import { frameReader } from '../../wire/frame.ts';
import { type Hello, frameKinds, helloFrame, maxHandshakeBytes, refusalReason } from './hello.ts';

/**
 * Connects and introduces itself; resolves with a socket over which messages may be sent, and on
 * which nothing is listening yet. Rejects, with the socket gone, when that has not happened by the
 * deadline or the signal aborts.
 */
export function dial(
  address: Address,
  hello: Hello,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      ...address,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 5000,
    });
    const reader = frameReader(maxHandshakeBytes);
    const fail = (reason: string): void => {
      cleanUp();
      socket.destroy();
      reject(
        new Error(
          `expected a welcome by ${hello.to} at ${address.host}:${address.port}, ${reason}`,
        ),
      );
    };
    const onAbort = (): void => fail('got told to stop');
    const onError = (error: Error): void => fail(`got ${error.message}`);
    const onClose = (): void => fail('got a closed connection');
    const onData = (chunk: Buffer): void => {
      try {
        reader.push(chunk);
        const frame = reader.next();
        if (frame === null) return;
        if (frame[0] === frameKinds.welcome) {
          cleanUp();
          resolve(socket);
          return;
        }
        fail(
          frame[0] === frameKinds.refusal ? `got refused: ${refusalReason(frame)}` : 'got noise',
        );
      } catch (error) {
        fail(`got noise: ${error instanceof Error ? error.message : String(error)}`);
      }
    };
    const cleanUp = (): void => {
      clearTimeout(deadline);
      signal.removeEventListener('abort', onAbort);
      socket.off('error', onError).off('close', onClose).off('data', onData);
      socket.on('error', () => undefined);
    };
    const deadline = setTimeout(() => fail(`got nothing for ${timeoutMs} ms`), timeoutMs);
    signal.addEventListener('abort', onAbort);
    socket.on('error', onError).on('close', onClose).on('data', onData);
    socket.once('connect', () => socket.write(helloFrame(hello)));
  });
}
