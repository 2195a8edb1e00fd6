import { execa } from 'execa';

/** Opens a file or an address with what the desktop has for it; rejects, saying what to do by hand. */
export async function openInBrowser(what: string): Promise<void> {
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  await execa(opener, [what], { timeout: 5000 }).catch((cause: unknown) => {
    throw new Error(`${opener} could not open it; open it by hand: ${what}`, { cause });
  });
}
