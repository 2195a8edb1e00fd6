import { BaseCommand } from '../base-command.ts';
import { campaignFlags, planFlags } from '../campaign-flags.ts';

export default class Campaign extends BaseCommand {
  static override readonly summary =
    'Simulate many seeds of many combinations of system, workload and faults, and group what fails.';

  static override readonly description =
    'Every flag with several values makes combinations, each value with each of the others. ' +
    'Exit codes: 0 no failure, 1 runs failed or threw, 2 some combination proved nothing, 254 bad ' +
    'arguments, 255 the harness failed. Ctrl-C once ends the campaign after the runs under way; ' +
    '--resume goes on where it stopped.';

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --systems raft,paxos --seeds 1..10000 --workers 2',
    "<%= config.bin %> <%= command.id %> --nemesis 'partition,kill;power,flaky;all' --nodes 3,5 --time-limit 10m",
    '<%= config.bin %> <%= command.id %> --reads index,local --seeds 1..50   # local reads fail: exit code 1',
    '<%= config.bin %> <%= command.id %> --resume latest',
  ];

  static override readonly flags = campaignFlags;

  async run(): Promise<unknown> {
    const { flags, metadata } = await this.parse(Campaign);
    const given = Object.keys(planFlags);
    const all = flags as Readonly<Record<string, string | readonly string[] | undefined>>;
    const { campaign } = await import('../campaign/command.ts');
    const outcome = await campaign(
      {
        ...flags,
        plan: Object.fromEntries(given.map((name) => [name, all[name]])),
        typed: given.filter(
          (name) => name in flags && metadata.flags[name]?.setFromDefault !== true,
        ),
      },
      { json: this.jsonEnabled() },
    );
    this.say(outcome.text);
    process.exitCode = outcome.exitCode;
    return outcome.json;
  }
}
