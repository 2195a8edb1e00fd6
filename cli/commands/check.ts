import { Args } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';
import { checkFlags, checkerOptions } from '../check-flags.ts';

export default class Check extends BaseCommand {
  static override readonly summary = 'Check saved histories again, alone: no cluster is needed.';

  static override readonly description =
    "Reads dtest's own history.jsonl, Jepsen's history.edn, history.txt and log lines, Porcupine's KV logs, JSON lines and arrays as Elle's front end takes them, and AWDIT's sessions; packed with gzip or not; - is standard input. " +
    'Format, checker and model are guessed where they can be, and the verdict says what was guessed. ' +
    'Exit codes: 0 valid, 1 invalid, 2 unknown, 254 unreadable input.';

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> store/latest',
    '<%= config.bin %> <%= command.id %> history.jsonl --model cas-register --init 0',
    '<%= config.bin %> <%= command.id %> history.edn --checker list-append --consistency serializable',
    '<%= config.bin %> <%= command.id %> etcd_001.log --failed-cas assert',
    '<%= config.bin %> <%= command.id %> *.edn.gz --quiet --junit junit.xml',
    '<%= config.bin %> <%= command.id %> store/latest --export edn --output history.edn',
  ];

  // Every further word is a file too.
  static override readonly strict = false;

  static override readonly args = {
    file: Args.string({ required: true, description: 'Histories, or folders of runs.' }),
  };

  static override readonly flags = checkFlags;

  async run(): Promise<unknown> {
    const { argv, flags } = await this.parse(Check);
    const files = argv as string[];
    const reading = { format: flags.format, keyed: keyedOf(flags.keyed) };
    if (flags.export !== undefined || flags.output !== undefined) {
      const { exportHistory } = await import('../export-history.ts');
      await exportHistory(files, { ...reading, form: flags.export, output: flags.output });
      return { schema: 1, exported: files[0], output: flags.output ?? null };
    }
    const { checkFiles } = await import('../check-files.ts');
    const outcome = await checkFiles(files, {
      ...reading,
      checkers: flags.checker ?? [],
      model: flags.model,
      options: optionsOf(flags),
      maxSteps: flags['max-steps'],
      maxMemory: flags['max-memory'],
      timeout: flags.timeout,
      threads: flags.threads,
      stream: flags.stream,
      junit: flags.junit,
      markdown: flags.markdown,
      quiet: flags.quiet,
      json: this.jsonEnabled(),
    });
    this.say(outcome.text);
    process.exitCode = outcome.exitCode;
    return outcome.json;
  }
}

function keyedOf(text: string): 'auto' | 'yes' | 'no' {
  return text === 'yes' || text === 'no' ? text : 'auto';
}

/** Those that were given, by the name of the flag. */
function optionsOf(flags: Readonly<Record<string, unknown>>): Record<string, string> {
  const given = Object.keys(checkerOptions).map((name) => [name, flags[name]] as const);
  return Object.fromEntries(
    given.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
