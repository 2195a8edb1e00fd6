import { Config, Errors, flush, run, settings } from '@oclif/core';
import { exitCodes } from '../runner/exit-codes.ts';
import { UsageError, messageOf } from './failure.ts';
import { extension, packageJson, packageRoot } from './package-root.ts';

/** Runs one command line, and ends the process with the exit code it came to. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    await run([...argv], await loadConfig());
    await flush();
  } catch (error) {
    process.exitCode = report(error, argv);
  }
  // A straggling socket must not hold up a command that is done.
  process.exit();
}

async function loadConfig(): Promise<Config> {
  settings.enableAutoTranspile = false;
  const folder = extension === 'ts' ? 'cli' : 'dist/cli';
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
          target: `./${folder}/commands.${extension}`,
          identifier: 'commands',
        },
      },
    },
  });
  await config.load();
  return config;
}

/** Prints what went wrong, without a stack trace, and gives the exit code for it. */
function report(error: unknown, argv: readonly string[]): number {
  if (error instanceof Errors.ExitError) return error.oclif.exit ?? 0;
  process.stderr.write(`dtest: ${messageOf(error)}\n`);
  if (process.env['DTEST_DEBUG'] === '1' && error instanceof Error) {
    process.stderr.write(`${error.stack ?? ''}\n`);
  }
  if (!(error instanceof Errors.CLIError || error instanceof UsageError)) return exitCodes.error;
  const command = argv[0]?.startsWith('-') === false ? `${argv[0]} ` : '';
  process.stderr.write(`Try: dtest ${command}--help\n`);
  return exitCodes.badInput;
}
