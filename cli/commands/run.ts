import { Args } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';
import { runFlags } from '../run-flags.ts';

export default class Run extends BaseCommand {
  static override readonly summary =
    'Start a cluster, drive clients against it while faults strike, and judge what happened.';

  static override readonly description =
    'Exit codes: 0 valid, 1 invalid, 2 unknown (the checker gave up, or the run proved nothing), ' +
    '3 valid but a threshold was missed, 254 bad arguments, 255 the harness failed. ' +
    'Ctrl-C once ends the run early and judges what was recorded; twice stops at once.';

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> register',
    '<%= config.bin %> <%= command.id %> register --system paxos --nemesis none --time 10s',
    '<%= config.bin %> <%= command.id %> register --nemesis partition:isolate-leader,kill:leader,pause --time 60s',
    '<%= config.bin %> <%= command.id %> register --world sim --bug raft-stale-leader-read   # a planted bug',
    '<%= config.bin %> <%= command.id %> register --reads local   # a store that lies: exit code 1',
    "<%= config.bin %> <%= command.id %> register --rate 500 --threshold 'p99<100ms' --junit junit.xml",
  ];

  static override readonly args = {
    workload: Args.string({
      default: 'register',
      description: 'What clients do and what must hold of it; `dtest list workloads` names them.',
    }),
  };

  static override readonly flags = runFlags;

  async run(): Promise<unknown> {
    const { withConfigFile } = await import('../config-file.ts');
    const { args, flags } = await withConfigFile(
      (configured) => this.parse(Run, [...configured, ...this.argv]),
      Object.keys(runFlags),
    );
    const { runOnce } = await import('../run-once.ts');
    const outcome = await runOnce(args.workload, flags, { json: this.jsonEnabled() });
    this.say(outcome.text);
    process.exitCode = outcome.exitCode;
    return outcome.json;
  }
}
