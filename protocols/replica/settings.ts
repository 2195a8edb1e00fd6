/** What the user can choose of a replica; the agreement below it has settings of its own. */
export interface ReplicaSettings {
  /** Whether a node that does not lead passes requests on to the leader. */
  readonly forward: boolean;
  /** After this long a request is answered, with what is certain then. */
  readonly requestTimeoutMs: number;
  /** Log entries after which a snapshot takes their place. */
  readonly snapshotEntries: number;
}

const known = ['forward', 'requestTimeoutMs', 'snapshotEntries'];

/** Throws on a value that is none; settings with other names belong to the agreement. */
export function replicaSettings(settings: Readonly<Record<string, string>>): ReplicaSettings {
  const [forward = 'on', requestTimeoutMs = '2000', snapshotEntries = '100000'] = known.map(
    (name) => settings[name],
  );
  if (forward !== 'on' && forward !== 'off') throw wrong('forward', 'on or off', forward);
  return {
    forward: forward === 'on',
    requestTimeoutMs: positive('requestTimeoutMs', requestTimeoutMs),
    snapshotEntries: positive('snapshotEntries', snapshotEntries),
  };
}

function positive(name: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw wrong(name, 'a whole number from 1 to 999999999', text);
  return Number(text);
}

function wrong(name: string, expected: string, got: string): Error {
  return new Error(`expected the setting ${name} to be ${expected}, got ${JSON.stringify(got)}`);
}
