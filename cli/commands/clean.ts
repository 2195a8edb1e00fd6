import { Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';

export default class Clean extends BaseCommand {
  static override readonly summary =
    'Remove what dead runs left behind, and clusters that were kept.';

  static override readonly description =
    'Containers, networks, volumes, processes and temporary folders of runs whose dtest no longer ' +
    'runs. Runs that are going on are left alone, and so are histories and reports.';

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --leave-kept',
  ];

  static override readonly flags = {
    'leave-kept': Flags.boolean({
      default: false,
      description: 'Leaves clusters that `run --keep` kept.',
    }),
  };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Clean);
    const { cleanWorlds } = await import('../clean-worlds.ts');
    const outcome = await cleanWorlds({ includeKept: !flags['leave-kept'] });
    this.say(outcome.text);
    process.exitCode = outcome.exitCode;
    return outcome.json;
  }
}
