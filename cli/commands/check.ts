import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';

export default class Check extends BaseCommand {
  static override readonly summary = 'Check saved histories again, alone: no cluster is needed.';

  static override readonly description =
    "Reads dtest's own history.jsonl, Jepsen's EDN and log lines, Porcupine's KV logs and plain JSON lines. " +
    'Format and model are guessed from the file where they can be. ' +
    'Exit codes: 0 valid, 1 invalid, 2 unknown, 254 unreadable input.';

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> store/latest',
    '<%= config.bin %> <%= command.id %> history.jsonl --model cas-register',
    '<%= config.bin %> <%= command.id %> etcd_001.log --failed-cas assert',
    '<%= config.bin %> <%= command.id %> *.edn --json',
  ];

  // Every further word is a file too.
  static override readonly strict = false;

  static override readonly args = {
    file: Args.string({ required: true, description: 'Histories, or folders of runs.' }),
  };

  static override readonly flags = {
    model: Flags.string({
      char: 'm',
      description: 'What the operations mean; `dtest list models` names them.',
    }),
    format: Flags.string({
      char: 'f',
      description: 'How the files are written; `dtest list formats` names them.',
    }),
    init: Flags.string({ description: 'Initial value of the object, as JSON.' }),
    'failed-cas': Flags.string({
      options: ['drop', 'assert'],
      default: 'drop',
      description:
        'What a failed cas means: drop, it says nothing; assert, the value was another one then.',
    }),
    'max-steps': Flags.integer({
      min: 1,
      description: 'Steps of search after which the verdict is unknown.',
    }),
    timeout: Flags.string({ description: 'Wall-clock limit for each file, such as 60s.' }),
    threads: Flags.integer({
      min: 1,
      description: 'Worker threads; by default one for each core.',
    }),
  };

  async run(): Promise<unknown> {
    const { argv, flags } = await this.parse(Check);
    const { checkFiles } = await import('../check-files.ts');
    const outcome = await checkFiles(argv as string[], {
      model: flags.model,
      format: flags.format,
      init: flags.init,
      failedCas: flags['failed-cas'] === 'assert' ? 'assert' : 'drop',
      maxSteps: flags['max-steps'],
      timeout: flags.timeout,
      threads: flags.threads,
    });
    this.say(outcome.text);
    process.exitCode = outcome.exitCode;
    return outcome.json;
  }
}
