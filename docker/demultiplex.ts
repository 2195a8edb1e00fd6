const headerBytes = 8;

/**
 * The text of a container's output as the engine hands it out: frames of a stream number, three empty
 * bytes, a length, and that many bytes. A last frame that is cut short is taken as far as it goes.
 */
export function demultiplex(output: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + headerBytes <= output.length;) {
    const start = at + headerBytes;
    at = start + output.readUInt32BE(at + 4);
    parts.push(output.subarray(start, at));
  }
  return Buffer.concat(parts).toString('utf8');
}

/** The last so many bytes of a text, from the start of a line. */
export function lastOf(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  const end = bytes.subarray(bytes.length - maxBytes).toString('utf8');
  return end.slice(end.indexOf('\n') + 1);
}
