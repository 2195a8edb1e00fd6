import { Args } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';
import { benchFlags } from '../bench/flags.ts';

export default class Bench extends BaseCommand {
  static override readonly summary =
    'Measure systems in turn: throughput against latency, in steady state and under faults, with a verdict on every round.';

  static override readonly description =
    'Every flag with several values makes cells, each value with each of the others. A round of a cell runs on a fresh cluster; systems take turns, so that whatever drifts hits all alike. ' +
    'All operations are written down, and every round is checked for linearizability. The system "null" shows what the generator itself can do. ' +
    'A system may stand several times, with settings of its own (raft raft:reads=lease) or without, against itself. ' +
    'Exit codes: 0 all rounds valid, 1 a system answered wrongly, 2 a round proved nothing, 3 a change of --fail-on was seen, 254 bad arguments, 255 the harness failed. ' +
    'Ctrl-C ends the benchmark after taking the cluster down; what was measured by then is kept.';

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> raft paxos',
    '<%= config.bin %> <%= command.id %> raft paxos --concurrency 1,4,16,64,256 --read-ratio 0,0.5,0.9 --world docker',
    '<%= config.bin %> <%= command.id %> raft --rate 500,1000 --arrivals constant --value-size 1024',
    "<%= config.bin %> <%= command.id %> raft paxos --slo 'p99<20ms'   # the highest rate that meets it",
    '<%= config.bin %> <%= command.id %> raft paxos --nemesis kill:leader,partition:isolate-leader --time 30s',
    '<%= config.bin %> <%= command.id %> raft raft:reads=lease --workload ycsb-b --nodes 3,5',
    "<%= config.bin %> <%= command.id %> raft --rounds 8 --baseline bench-raft --fail-on 'throughput<-5%,p99>+10%'",
    '<%= config.bin %> <%= command.id %> null --concurrency 1,64   # the ceiling and the floor of dtest itself',
  ];

  // Every further word is a system too.
  static override readonly strict = false;

  static override readonly args = {
    system: Args.string({
      description:
        'Systems to measure, with settings where they differ; raft unless told otherwise.',
    }),
  };

  static override readonly flags = benchFlags;

  async run(): Promise<unknown> {
    const { argv, flags } = await this.parse(Bench);
    const { bench } = await import('../bench/command.ts');
    const outcome = await bench(argv as string[], flags, { json: this.jsonEnabled() });
    this.say(outcome.text);
    process.exitCode = outcome.exitCode;
    return outcome.json;
  }
}
