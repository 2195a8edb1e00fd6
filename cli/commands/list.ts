import { Args } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';

export default class List extends BaseCommand {
  static override readonly summary = 'Show what there is, and what fits what.';

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> systems',
    '<%= config.bin %> <%= command.id %> faults --json',
  ];

  static override readonly args = {
    kind: Args.string({
      description:
        'systems, bugs, workloads, faults, checkers, models, formats, reports or worlds; all when left out.',
    }),
  };

  async run(): Promise<unknown> {
    const { args } = await this.parse(List);
    const { listParts } = await import('../list-parts.ts');
    const { text, json } = await listParts(args.kind);
    this.say(text);
    return json;
  }
}
