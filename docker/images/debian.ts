import type Docker from 'dockerode';
import { execa } from 'execa';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { imageId, importImage } from './engine-work.ts';
import { type Report, withProgress } from './progress.ts';

/** The base of every image where no registry answers. */
export const debianReference = 'dtest/debian:bookworm';

const bootstrapTimeoutMs = 900_000;

/**
 * A minimal Debian in one tar file, made from packages. The mode of what is made must not depend on
 * the user's umask; `--one-file-system` because an interrupted debootstrap leaves /proc mounted.
 */
const bootstrapScript = `
set -eu
umask 022
tar=$1
root=$(mktemp -d "$tar.XXXXXX")
trap 'rm -rf --one-file-system "$root" "$tar.part.$$"' EXIT
chmod 755 "$root"
debootstrap --variant=minbase bookworm "$root" 1>&2
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*
rm -rf "$root"/usr/share/doc/* "$root"/usr/share/man/* "$root"/usr/share/info/* "$root"/usr/share/locale/*
tar -C "$root" --numeric-owner -cf "$tar.part.$$" .
mv "$tar.part.$$" "$tar"
`;

/** Where what takes a minute to make is kept between runs. */
export function cacheFolder(): string {
  const home = process.env.XDG_CACHE_HOME;
  return join(home === undefined || home === '' ? join(homedir(), '.cache') : home, 'dtest');
}

/** Makes sure that the engine has the Debian base; rejects, saying what is missing, when it cannot. */
export async function ensureDebian(docker: Docker, report: Report): Promise<string> {
  if ((await imageId(docker, debianReference)) !== undefined) return debianReference;
  const tar = join(cacheFolder(), `debian-bookworm-${process.arch}.tar`);
  if (!existsSync(tar)) {
    await withProgress("making a base image from Debian's packages", report, () => bootstrap(tar));
  }
  await withProgress(`importing ${debianReference}`, report, () =>
    importImage(docker, tar, debianReference),
  );
  return debianReference;
}

async function bootstrap(tar: string): Promise<void> {
  const missing = await bootstrapMissing();
  if (missing !== null) throw new Error(missing);
  await mkdir(cacheFolder(), { recursive: true });
  const made = await execa('sh', ['-c', bootstrapScript, 'sh', tar], {
    timeout: bootstrapTimeoutMs,
    reject: false,
    all: true,
  });
  if (made.failed) {
    const end = made.all.split('\n').slice(-10).join('\n');
    throw new Error(
      `debootstrap failed (${made.shortMessage ?? 'no reason given'}). The end of its output:\n${end}`,
      { cause: made },
    );
  }
}

/** Why a base cannot be made here, with what to do about it; null when it can. */
export async function bootstrapMissing(): Promise<string | null> {
  if (process.platform !== 'linux') {
    return "A base image can be made from Debian's packages on Linux only; connect to a registry.";
  }
  const found = await execa('debootstrap', ['--version'], { reject: false, timeout: 10_000 });
  const path = `PATH is ${process.env.PATH ?? 'not set'}`;
  if (found.failed) {
    return `debootstrap is not installed (${path}): run apt-get install debootstrap, or connect to a registry.`;
  }
  if (process.getuid?.() !== 0) {
    return 'debootstrap needs root: run dtest images build once as root, or connect to a registry.';
  }
  return null;
}
