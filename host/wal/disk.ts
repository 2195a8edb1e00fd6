/**
 * One folder of files, as the log sees it: the only door to the operating system, so that the same
 * log runs on a simulated disk that loses and tears what was not synced. Names have no slashes.
 *
 * What a method did survives a crash of the process. It survives a loss of power only after the next
 * `sync` of the file (content) or `syncFolder` (names: created, renamed, removed).
 */
export interface Disk {
  list(): Promise<readonly string[]>;
  /**
   * The file's bytes from the offset to its end, in pieces of bounded size. Zeros may follow what was appended
   * to a file that was not closed: room for more.
   */
  read(name: string, fromOffset?: number): AsyncIterable<Uint8Array>;
  /** A new, empty file; rejects when the name is taken. */
  create(name: string): Promise<DiskFile>;
  /** An existing file, to append to, behind the zeros if there are any. */
  open(name: string): Promise<DiskFile>;
  rename(from: string, to: string): Promise<void>;
  remove(name: string): Promise<void>;
  syncFolder(): Promise<void>;
}

export interface DiskFile {
  /** Resolves when all the bytes are at the file's end; when it rejects, any part of them may be. */
  append(bytes: Uint8Array): Promise<void>;
  truncate(lengthBytes: number): Promise<void>;
  /**
   * Resolves when everything appended before the call is durable. After a rejection nothing is known
   * of it, and another call proves nothing: the kernel may have dropped the pages and forgotten the
   * error (Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020).
   */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The disk cannot be trusted any more; the node must stop. */
export class StorageFailure extends Error {
  override readonly name = 'StorageFailure';
}

/** What was once durable does not read back. Starting would deny what this node has promised. */
export class StorageDamage extends Error {
  override readonly name = 'StorageDamage';
}
