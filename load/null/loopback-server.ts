import { createServer } from 'node:net';
import type { Address } from '../../core/cluster.ts';
import { requestParser } from '../../wire/resp-request.ts';

/** The process behind the system `loopback`: GET and SET on a map, over RESP. */
const { host, port } = JSON.parse(process.argv[2] ?? '{}') as Address;
const values = new Map<string, string>();

function answerTo([name, key = '', value]: readonly string[]): string {
  if (name === 'SET' && value !== undefined) {
    values.set(key, value);
    return '+OK\r\n';
  }
  if (name !== 'GET') return `-ERR expected GET or SET\r\n`;
  const found = values.get(key);
  return found === undefined ? '$-1\r\n' : `$${found.length}\r\n${found}\r\n`;
}

createServer({ noDelay: true }, (socket) => {
  const parser = requestParser(undefined, (bytes, start, end) =>
    Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1'),
  );
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    try {
      parser.push(chunk);
      let answers = '';
      for (let request = parser.next(); request !== null; request = parser.next()) {
        answers += answerTo(request);
      }
      if (answers !== '') socket.write(answers, 'latin1');
    } catch {
      // What is not RESP is nobody that this server knows.
      socket.destroy();
    }
  });
}).listen(port, host);
