import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';

export default class Compare extends BaseCommand {
  static override readonly summary =
    'Compare saved runs or benchmarks with the first of them: effect sizes, intervals, a gate.';

  static override readonly description =
    'A figure is better or worse only where its interval leaves out no change at all; all intervals together hold with 95 % confidence, so that two runs of the same thing alarm at most 1 time in 20. ' +
    'One benchmark alone: its systems, which took turns, against the first of them. Runs joined by commas count as repetitions of one thing. ' +
    'A gate fails where the measured change is beyond its limit and the interval shows a change for the worse. ' +
    'Exit codes: 0, 3 a gate was missed, 1 a gated candidate answered wrongly, 2 a gate had nothing to judge, 254 bad arguments.';

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> register-raft register-paxos   # the newest run of each',
    '<%= config.bin %> <%= command.id %> bench-raft-paxos   # systems of one benchmark',
    "<%= config.bin %> <%= command.id %> baseline/bench.json bench-raft --fail-on 'throughput<-5%,p99>+10%'",
    '<%= config.bin %> <%= command.id %> store/old/1,store/old/2,store/old/3 store/new/1,store/new/2,store/new/3',
    '<%= config.bin %> <%= command.id %> bench-raft bench-paxos --figures all --html compare.html --markdown comment.md',
  ];

  // Every further word is a run too.
  static override readonly strict = false;

  static override readonly args = {
    run: Args.string({
      required: true,
      description:
        'Runs or benchmarks: folders, names (their newest), or latest. The first is the baseline.',
    }),
  };

  static override readonly flags = {
    'fail-on': Flags.string({
      multiple: true,
      description:
        "Changes for the worse that end with 3, comma separated, as in 'throughput<-5%,p99>+10%'.",
    }),
    figures: Flags.string({
      description:
        'Figures to compare, comma separated, or all; throughput, p50, p99, errors and the costs of faults unless told otherwise. The fewer, the smaller a change that shows.',
    }),
    markdown: Flags.string({ description: 'Also writes the comparison as Markdown to this file.' }),
    html: Flags.string({
      description: 'Also writes the comparison as a page to this file, which opens offline.',
    }),
    junit: Flags.string({ description: 'Also writes a JUnit report to this file.' }),
    store: Flags.string({ default: 'store', description: 'Folder that holds the runs.' }),
  };

  async run(): Promise<unknown> {
    const { argv, flags } = await this.parse(Compare);
    const { compareSaved } = await import('../compare/compare.ts');
    const outcome = await compareSaved(argv as string[], {
      store: flags.store,
      'fail-on': flags['fail-on'],
      figures: flags.figures,
      markdown: flags.markdown,
      junit: flags.junit,
      html: flags.html,
    });
    this.say(outcome.text);
    process.exitCode = outcome.exitCode;
    return outcome.json;
  }
}
