import { Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';

export default class Serve extends BaseCommand {
  static override readonly summary = 'Browse the store in a web page, on this machine.';

  static override readonly description =
    'Lists runs, benchmarks and campaigns, with filters; opens reports, draws trends, compares, packs as zip, deletes, and follows runs under way. ' +
    'It answers to this machine alone: there is no password, so --allow-remote lets everybody who reaches the port read and delete. Ctrl-C ends it.';

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --open',
    '<%= config.bin %> <%= command.id %> --port 8080 --store nightly/store',
    '<%= config.bin %> <%= command.id %> --host 0.0.0.0 --allow-remote   # in a container, say',
  ];

  static override readonly flags = {
    port: Flags.integer({
      char: 'p',
      min: 0,
      max: 65_535,
      default: 7878,
      description: 'Port to listen on; 0 takes any that is free.',
    }),
    host: Flags.string({
      default: '127.0.0.1',
      description: 'Address to listen on; others than loopback need --allow-remote.',
    }),
    'allow-remote': Flags.boolean({
      default: false,
      description: 'Lets others than this machine in. There is no password.',
    }),
    open: Flags.boolean({ default: false, description: 'Opens the page in the browser.' }),
    store: Flags.string({ default: 'store', description: 'Folder that holds the runs.' }),
  };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Serve);
    const { serveStore } = await import('../serve-store.ts');
    return serveStore(
      { ...flags, remote: flags['allow-remote'] },
      { say: (text) => this.say(text) },
    );
  }
}
