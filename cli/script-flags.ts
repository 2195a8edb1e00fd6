import { parseArgs } from 'node:util';
import { exitCodes } from '../runner/exit-codes.ts';
import { messageOf } from './failure.ts';

/** What each flag is where nobody says otherwise; where that is a number, a whole one is expected. */
type Defaults = Readonly<Record<string, string | number>>;

/** What flags may be: as their defaults are. */
type Flags<Given extends Defaults> = {
  readonly [Name in keyof Given]: Given[Name] extends number ? number : string;
};

/**
 * The flags of a script of this project, `--name value` each. Where they are not understood, or help is
 * asked for, says how the script is used and ends the process. Of `positive` ones it takes at least 1.
 */
export function scriptFlags<Given extends Defaults>(
  usage: string,
  defaults: Given,
  positive: readonly (keyof Given)[] = [],
): Flags<Given> {
  const words = process.argv.slice(2);
  if (words.includes('--help')) {
    process.stdout.write(usage);
    process.exit(exitCodes.valid);
  }
  try {
    return flagsIn(words, defaults, positive);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n\n${usage}`);
    process.exit(exitCodes.badInput);
  }
}

/** Throws on an unknown flag, and on a value that is no whole number, or too small a one, where one is expected. */
export function flagsIn<Given extends Defaults>(
  words: readonly string[],
  defaults: Given,
  positive: readonly (keyof Given)[] = [],
): Flags<Given> {
  const names = Object.keys(defaults);
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' } as const]));
  const { values } = parseArgs({ args: [...words], options });
  const flags = names.map((name) => {
    const said = values[name];
    const usual = defaults[name];
    if (said === undefined) return [name, usual];
    if (typeof usual !== 'number') return [name, said];
    return [name, wholeOf(name, said, positive.includes(name) ? 1 : 0)];
  });
  return Object.fromEntries(flags) as Flags<Given>;
}

function wholeOf(name: string, text: string, least: number): number {
  const value = Number(text);
  if (/^\d+$/u.test(text) && Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(
    `expected --${name} as a whole number from ${least} on, got ${JSON.stringify(text)}`,
  );
}
