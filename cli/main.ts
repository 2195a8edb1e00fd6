import { Config, Errors, run, settings } from '@oclif/core';
import { BadInput } from '../checkers/formats/bad-input.ts';
import { NotKeyed } from '../checkers/formats/keyed.ts';
import { exitCodes } from '../runner/exit-codes.ts';
import { NotText } from '../store/lines.ts';
import { commands } from './commands.ts';
import { compileLate } from './compile-late.ts';
import { UsageError, messageOf } from './failure.ts';
import { lookUp } from './lookup.ts';
import { extension, packageJson, packageRoot } from './package-root.ts';

/** Runs one command line, and ends the process with the exit code it came to. */
export async function main(typed: readonly string[]): Promise<void> {
  compileLate();
  // Whoever reads may be gone (`dtest run | head`); that is no reason to drop a run under way.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  // Node.js would end with 1 here, which says that the system broke its promise.
  process.on('uncaughtException', (error) => {
    report(error, typed);
    process.exit(exitCodes.error);
  });
  await perform(typed);
  // A straggling socket must not hold up a command that is done.
  process.exit();
}

/** Carries a command line out, and leaves the exit code that it came to in `process.exitCode`. */
export async function perform(typed: readonly string[]): Promise<void> {
  const argv = spelledOut(typed);
  try {
    const config = await loadConfig();
    refuseUnknownCommand(argv[0], config);
    await run([...argv], config);
    await written();
  } catch (error) {
    process.exitCode = report(error, argv);
  }
}

/** What people type out of habit: `dtest help run`, `dtest run -h`, `dtest -v`. */
function spelledOut(typed: readonly string[]): readonly string[] {
  if (typed[0] === 'help') return [...typed.slice(1), '--help'];
  if (typed[0] === '-v' || typed[0] === '-V') return ['--version'];
  return typed.map((word) => (word === '-h' ? '--help' : word));
}

/** Resolves once standard output took everything, or takes nothing more: oclif's own waits for ever then. */
function written(): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write('', () => {
      resolve();
    });
  });
}

async function loadConfig(): Promise<Config> {
  settings.enableAutoTranspile = false;
  const config = new Config({
    root: packageRoot,
    ignoreManifest: true,
    pjson: {
      ...packageJson(),
      oclif: {
        bin: 'dtest',
        dirname: 'dtest',
        topicSeparator: ' ',
        commands: {
          strategy: 'explicit',
          target: `./cli/commands.${extension}`,
          identifier: 'commands',
        },
      },
    },
  });
  await config.load();
  return config;
}

/** oclif only says that there is no such command; this says which there are, and which is near. */
function refuseUnknownCommand(word: string | undefined, config: Config): void {
  if (word === undefined || word.startsWith('-')) return;
  lookUp('command', Object.fromEntries(config.commandIDs.map((id) => [id, id])), word);
}

/** What is wrong with the command line or with the files that it names. */
const theirs = [Errors.CLIError, UsageError, BadInput, NotKeyed, NotText] as const;

/** Prints what went wrong, without a stack trace, and gives the exit code for it. */
function report(error: unknown, [word]: readonly string[]): number {
  if (error instanceof Errors.ExitError) return error.oclif.exit ?? 0;
  process.stderr.write(`dtest: ${oneLine(messageOf(error))}\n`);
  if (process.env.DTEST_DEBUG === '1' && error instanceof Error) {
    process.stderr.write(`${error.stack ?? ''}\n`);
  }
  if (!theirs.some((kind) => error instanceof kind)) return exitCodes.error;
  const command = word !== undefined && Object.hasOwn(commands, word) ? `${word} ` : '';
  process.stderr.write(`Try: dtest ${command}--help\n`);
  return exitCodes.badInput;
}

/** oclif breaks its messages over lines, words some unlike dtest, and repeats the hint given here. */
function oneLine(message: string): string {
  return message
    .replace('See more help with --help', '')
    .replace(/Note: --\S+ allows multiple values\.[^]*$/, '')
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim()
    .replace(
      /Parsing (--\S+) Expected (an .*) but received: (.*)$/,
      'expected $1 to be $2, got "$3"',
    )
    .replace(
      /^Expected (--[^=\s]+)=(.*) to be one of: (.*)$/,
      'expected $1 to be one of $3, got "$2"',
    )
    .replace(
      /^Missing \d+ required args?: (\S+)\s+(.*?)\.?$/,
      'expected an argument, $1 ($2), got none',
    )
    .replace(/^Flag (--\S+) expects a value$/, 'expected a value for $1, got none')
    .replace(/^Nonexistent flags?: (.*)$/, 'expected flags that there are, got $1')
    .replace(/^Unexpected arguments?: (.*)$/, 'expected no more arguments, got $1');
}
