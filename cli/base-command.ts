import { Command } from '@oclif/core';

/**
 * What all commands share: `--json` prints what `run` returns and nothing else on standard output,
 * and errors are left to `main`, which knows the exit codes.
 */
export abstract class BaseCommand extends Command {
  static override readonly enableJsonFlag = true;

  /** Text for a person; silent with `--json`. */
  protected say(text: string): void {
    if (!this.jsonEnabled()) this.log(text);
  }

  protected override catch(error: Error): Promise<never> {
    return Promise.reject(error);
  }
}
