import { request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  readonly text: string;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A request whose path is sent as it stands: `fetch` would tidy up what an attacker would not. */
export function askAt(
  url: string,
  path: string,
  { method = 'GET', headers = {}, body = '' }: Asked = {},
): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    // A connection each: one that was kept might be closed just as it is used again.
    const options = {
      hostname,
      port,
      path,
      method,
      headers,
      agent: false,
      timeout: 30_000,
    } as const;
    const sent = request(options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const whole = Buffer.concat(chunks);
        resolve({
          ...{ status: answer.statusCode ?? 0, headers: answer.headers },
          ...{ body: whole, text: whole.toString('utf8') },
        });
      });
      answer.on('error', reject);
    });
    sent.on('error', reject);
    sent.on('timeout', () => sent.destroy(new Error(`expected an answer to ${path}, got none`)));
    sent.end(body);
  });
}
