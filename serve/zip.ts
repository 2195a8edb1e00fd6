import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { ZipFile } from 'yazl';

/** More files than a run has. */
const mostFiles = 20_000;

/** A folder as a zip, made while it is sent; links are left out, because they may lead anywhere. */
export async function zipOf(folder: string, prefix: string): Promise<ReadableStream<Uint8Array>> {
  const zip = new ZipFile();
  for (const path of await filesIn(folder)) zip.addFile(join(folder, path), `${prefix}/${path}`);
  zip.end();
  const output = zip.outputStream.pipe(new PassThrough());
  // A file that vanishes meanwhile ends the download, not the server.
  zip.on('error', (error: Error) => output.destroy(error));
  return Readable.toWeb(output) as ReadableStream<Uint8Array>;
}

/** Relative paths with forward slashes. */
async function filesIn(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  const open = [''];
  for (let way = open.pop(); way !== undefined; way = open.pop()) {
    for (const name of (await readdir(join(folder, way))).sort()) {
      const path = way === '' ? name : `${way}/${name}`;
      const kind = await lstat(join(folder, path)).catch(() => null);
      if (kind?.isDirectory() === true) open.push(path);
      else if (kind?.isFile() === true) found.push(path);
      if (found.length > mostFiles) {
        throw new Error(`expected at most ${mostFiles} files in ${folder}, found more`);
      }
    }
  }
  return found;
}
