import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';

export default class Replay extends BaseCommand {
  static override readonly summary =
    'Run a saved run again: the same operations and the same faults, at the same relative times.';

  static override readonly description =
    'A simulated run comes out the same, byte for byte. On real clusters a failure may not come back ' +
    'every time; --times says how often it does, with a 95 % confidence interval (Wilson). In the ' +
    'simulator every time after the first is under another seed, with the same operations and ' +
    'faults. --world takes a run to another world, and says what cannot go with it. Exit code 1 when ' +
    'it failed at least once.';

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> latest',
    '<%= config.bin %> <%= command.id %> latest --times 5',
    '<%= config.bin %> <%= command.id %> store/register-raft/2026-01-31T12-00-00.000 --world local',
  ];

  static override readonly args = {
    run: Args.string({ default: 'latest', description: 'A run: its folder, its name, or latest.' }),
  };

  static override readonly flags = {
    times: Flags.integer({ default: 1, min: 1, max: 1000, description: 'How many times.' }),
    world: Flags.string({ char: 'w', description: 'Another world than that of the saved run.' }),
    store: Flags.string({ default: 'store', description: 'Folder that holds the runs.' }),
    quiet: Flags.boolean({
      default: false,
      char: 'q',
      description: 'No progress, only the result.',
    }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Replay);
    const { replay } = await import('../replay.ts');
    const outcome = await replay(args.run, {
      times: flags.times,
      store: flags.store,
      quiet: flags.quiet || this.jsonEnabled(),
      ...(flags.world === undefined ? {} : { world: flags.world }),
    });
    this.say(outcome.text);
    process.exitCode = outcome.exitCode;
    return outcome.json;
  }
}
