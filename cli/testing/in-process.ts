import { Console } from 'node:console';
import { createRequire } from 'node:module';
import { Writable } from 'node:stream';

export interface Performed {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** As Node.js itself loads it: the commands that it loads must meet the same classes as it does. */
const { perform } = createRequire(import.meta.url)('../main.ts') as typeof import('../main.ts');

/**
 * A command line in this process, as if it had been typed in the folder: most of the time that a process
 * of its own takes goes into loading the same files again. One at a time.
 */
export async function inProcess(folder: string, words: readonly string[]): Promise<Performed> {
  const [from, exitCode] = [process.cwd(), process.exitCode];
  using spoken = overhear();
  process.chdir(folder);
  process.exitCode = 0;
  try {
    await perform(words);
    return { exitCode: process.exitCode, ...spoken.texts() };
  } finally {
    process.exitCode = exitCode;
    process.chdir(from);
  }
}

type Texts = Pick<Performed, 'stdout' | 'stderr'>;

/** Takes whatever is written to standard output and error until it is disposed of. */
function overhear(): Disposable & { readonly texts: () => Texts } {
  const texts = { stdout: '', stderr: '' };
  const { console } = globalThis;
  const given = new Map<string, PropertyDescriptor | undefined>();
  for (const name of ['stdout', 'stderr'] as const) {
    const write = (chunk: Buffer, _: string, done: () => void): void => {
      texts[name] += chunk.toString();
      done();
    };
    given.set(name, Object.getOwnPropertyDescriptor(process, name));
    Object.defineProperty(process, name, {
      ...{ value: new Writable({ write, decodeStrings: true }), configurable: true },
    });
  }
  globalThis.console = new Console(process.stdout, process.stderr);
  return {
    texts: () => texts,
    [Symbol.dispose]() {
      globalThis.console = console;
      for (const [name, property] of given) Object.defineProperty(process, name, property ?? {});
    },
  };
}
