import type Docker from 'dockerode';
import { randomBytes } from 'node:crypto';
import { PassThrough, type Duplex } from 'node:stream';

/** A shell that stays open inside a container: a script takes a millisecond, not a fresh exec's sixty. */
export interface Shell {
  /** Runs a script after those before it; resolves with what it printed, rejects when it fails. */
  run(script: string): Promise<string>;
  close(): void;
}

const answerTimeoutMs = 10_000;
/** More than any script of ours prints; a shell that exceeds it is broken. */
const maxOutputLength = 4 << 20;

/** Opens a shell and, after the connection was lost, opens it again for the next script. */
export function shellIn(container: Docker.Container, name: string): Shell {
  let session: Promise<Session> | undefined;
  return {
    run: async (script) => {
      session ??= openSession(container, name);
      const current = session;
      try {
        return await (await current).run(script);
      } catch (error) {
        const alive = await current.then(
          (opened) => opened.alive(),
          () => false,
        );
        if (!alive && session === current) session = undefined;
        throw error;
      }
    },
    close: () => {
      session?.then(
        (opened) => opened.close(),
        () => undefined,
      );
      session = undefined;
    },
  };
}

interface Session extends Shell {
  alive(): boolean;
}

async function openSession(container: Docker.Container, name: string): Promise<Session> {
  const late = Promise.withResolvers<never>();
  const opening = openStream(container, name);
  const timer = setTimeout(() => {
    late.reject(lateError(name, 'opening the shell'));
    opening.then(
      (opened) => opened.close(),
      () => undefined,
    );
  }, answerTimeoutMs);
  try {
    return await Promise.race([opening, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function openStream(container: Docker.Container, name: string): Promise<Session> {
  const exec = await container.exec({
    Cmd: ['bash', '--norc', '--noprofile'],
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await exec.start({ hijack: true, stdin: true });
  const stdout = new PassThrough();
  (container.modem as Docker['modem']).demuxStream(stream, stdout, stdout);
  return sessionOn(stream, stdout, name);
}

/** Settles what waits for a script: with its answer, or with why there will be none. */
type Settle = (answer: Answer | Error) => void;

function sessionOn(stream: Duplex, stdout: PassThrough, name: string): Session {
  const word = `dtest-${randomBytes(8).toString('hex')}`;
  const waiting: Settle[] = [];
  let broken: Error | undefined;

  const fail = (error: Error) => {
    broken ??= error;
    stream.destroy();
    for (const settle of waiting.splice(0)) settle(broken);
  };
  const lost = (cause?: unknown) =>
    fail(new Error(`The shell in ${name} ended. Is the container gone?`, { cause }));
  stream.on('error', lost).on('close', lost).on('end', lost);

  const answers = answerReader(word);
  stdout.setEncoding('utf8').on('data', (chunk: string) => {
    for (const answer of answers.add(chunk)) waiting.shift()?.(answer);
    if (answers.pendingLength() > maxOutputLength) {
      fail(new Error(`A script in ${name} printed without end.`));
    }
  });

  const send = (script: string) =>
    new Promise<Answer>((resolve, reject) => {
      const timer = setTimeout(() => fail(lateError(name, script)), answerTimeoutMs);
      waiting.push((answer) => {
        clearTimeout(timer);
        if (answer instanceof Error) reject(answer);
        else resolve(answer);
      });
      stream.write(framed(script, word));
    });
  return {
    alive: () => broken === undefined,
    close: () => fail(new Error(`The shell in ${name} was closed.`)),
    run: async (script) => {
      if (broken !== undefined) throw broken;
      const answer = await send(script);
      if (answer.code !== 0) throw scriptError(name, script, answer);
      return answer.output;
    },
  };
}

interface Answer {
  readonly output: string;
  readonly code: number;
}

/**
 * A script whose end can be told in the output by a line that no script prints. It must not read the
 * shell's own input, which holds the scripts after it.
 */
export function framed(script: string, word: string): string {
  return `{ :\n${script}\n} < /dev/null 2>&1\nprintf '\\n%s %d\\n' ${word} $?\n`;
}

/** Takes a shell's output apart into the answers to the scripts it was sent, in order. */
export function answerReader(word: string) {
  const end = new RegExp(`\\n${word} (\\d+)\\n`);
  let pending = '';
  return {
    add(chunk: string): Answer[] {
      pending += chunk;
      const answers: Answer[] = [];
      for (let found = end.exec(pending); found !== null; found = end.exec(pending)) {
        answers.push({ output: pending.slice(0, found.index), code: Number(found[1]) });
        pending = pending.slice(found.index + found[0].length);
      }
      return answers;
    },
    pendingLength: () => pending.length,
  };
}

function lateError(name: string, script: string): Error {
  const seconds = String(answerTimeoutMs / 1000);
  return new Error(`A script in ${name} gave no answer within ${seconds} s: ${firstLine(script)}`);
}

function scriptError(name: string, script: string, { output, code }: Answer): Error {
  const said = output.trim().slice(-2000);
  return new Error(`A script in ${name} ended with ${String(code)}: ${firstLine(script)}\n${said}`);
}

function firstLine(script: string): string {
  return script.split('\n')[0] ?? '';
}
