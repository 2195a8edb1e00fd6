import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';

export default class Report extends BaseCommand {
  static override readonly summary = 'Draw the report of a saved run or benchmark again.';

  static override readonly description =
    'The verdict is taken from the saved results; where a run died before its verdict, the history is checked first.';

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> latest --open',
    '<%= config.bin %> <%= command.id %> bench-raft-paxos',
    '<%= config.bin %> <%= command.id %> store/register-raft/2026-01-31T12-00-00.000',
  ];

  static override readonly args = {
    run: Args.string({
      default: 'latest',
      description: 'A run or a benchmark: its folder, its name, or latest.',
    }),
  };

  static override readonly flags = {
    store: Flags.string({
      default: 'store',
      description: 'Folder that holds runs and benchmarks.',
    }),
    open: Flags.boolean({ default: false, description: 'Opens the report in the browser.' }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Report);
    const { reportAgain } = await import('../report-again.ts');
    const outcome = await reportAgain(args.run, flags);
    this.say(outcome.text);
    process.exitCode = outcome.exitCode;
    return outcome.json;
  }
}
