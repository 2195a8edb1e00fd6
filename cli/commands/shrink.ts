import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';

export default class Shrink extends BaseCommand {
  static override readonly summary =
    'Make a failed run as small as it gets while it still fails in the same way.';

  static override readonly description =
    'A simulated run loses operations, clients, keys, faults, nodes and intensities, and what is left is ' +
    'a run of its own that dtest replay repeats. Of a run in another world, where no two are the ' +
    'same, the history is made smaller: shrunk.jsonl in its folder. Exit code as dtest run: 1 for ' +
    'a run that fails.';

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> latest',
    '<%= config.bin %> <%= command.id %> store/register-raft/2026-01-31T12-00-00.000 --budget 5000',
    '<%= config.bin %> <%= command.id %> latest --budget 30s --json',
  ];

  static override readonly args = {
    run: Args.string({ default: 'latest', description: 'A run: its folder, its name, or latest.' }),
  };

  static override readonly flags = {
    budget: Flags.string({
      default: '1000',
      description: 'How many runs may be tried, or for how long, such as 60s.',
    }),
    store: Flags.string({ default: 'store', description: 'Folder that holds the runs.' }),
    quiet: Flags.boolean({
      default: false,
      char: 'q',
      description: 'No progress, only the result.',
    }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Shrink);
    const { shrinkRun } = await import('../shrink/shrink.ts');
    const outcome = await shrinkRun(args.run, {
      budget: flags.budget,
      store: flags.store,
      quiet: flags.quiet || this.jsonEnabled(),
    });
    this.say(outcome.text);
    process.exitCode = outcome.exitCode;
    return outcome.json;
  }
}
