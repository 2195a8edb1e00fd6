import { BaseCommand } from '../base-command.ts';

export default class Doctor extends BaseCommand {
  static override readonly summary =
    'Say what this machine can do, and how to get what is missing.';

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];

  async run(): Promise<unknown> {
    await this.parse(Doctor);
    const { examine } = await import('../examine.ts');
    const outcome = await examine();
    this.say(outcome.text);
    process.exitCode = outcome.exitCode;
    return outcome.json;
  }
}
