/** How a node behaves. All nodes of a cluster have the same one. */
export interface RaftConfig {
  /** Between two heartbeats of a leader. */
  readonly heartbeatMs: number;
  /** The shortest election timeout; also how long a follower stands by a leader it heard from. */
  readonly electionMs: number;
  /** Election timeouts are drawn from `electionMs` up to so much more (§5.2). */
  readonly electionSpreadMs: number;
  /** Ask whether an election could be won before starting one (dissertation §9.6). */
  readonly preVote: boolean;
  /** A leader that hears from no quorum steps down; followers stand by it until then (§6.2). */
  readonly checkQuorum: boolean;
  readonly reads: 'index' | 'lease' | 'local';
  /** How much faster or slower than true any clock may run, as a share; leases allow for it. */
  readonly clockDrift: number;
  /** Entries in one message, and bytes of commands, estimated; one entry may be larger. */
  readonly maxBatch: number;
  readonly maxBatchBytes: number;
  /** Messages with entries under way to one follower. More wait and travel together. */
  readonly maxInflight: number;
  /** Entries not yet committed, beyond which proposals are refused. */
  readonly maxUncommitted: number;
  /** Reads that wait, beyond which reads are refused. */
  readonly maxReads: number;
  /** Characters of a snapshot in one message. */
  readonly snapshotChunk: number;
  /** Entries kept in memory behind a snapshot, for followers that lag a little. */
  readonly keepEntries: number;
}

type Settings = Readonly<Record<string, string>>;

/** Reads settings; what is not set is as the dissertation's chapter 9 and etcd have it. */
export function configOf(settings: Settings): RaftConfig {
  const electionMs = numberOf(settings, 'electionMs', 300, 1);
  const config: RaftConfig = {
    heartbeatMs: numberOf(settings, 'heartbeatMs', 50, 1),
    electionMs,
    electionSpreadMs: numberOf(settings, 'electionSpreadMs', electionMs, 0),
    preVote: choiceOf(settings, 'preVote', ['on', 'off']) === 'on',
    checkQuorum: choiceOf(settings, 'checkQuorum', ['on', 'off']) === 'on',
    reads: choiceOf(settings, 'reads', ['index', 'lease', 'local']),
    clockDrift: numberOf(settings, 'clockDrift', 0.1, 0),
    maxBatch: integerOf(settings, 'maxBatch', 256),
    maxBatchBytes: integerOf(settings, 'maxBatchBytes', 256 * 1024),
    maxInflight: integerOf(settings, 'maxInflight', 2),
    maxUncommitted: integerOf(settings, 'maxUncommitted', 20_000),
    maxReads: integerOf(settings, 'maxReads', 20_000),
    snapshotChunk: integerOf(settings, 'snapshotChunk', 64 * 1024),
    keepEntries: numberOf(settings, 'keepEntries', 1000, 0),
  };
  if (config.heartbeatMs >= electionMs) {
    const got = `heartbeatMs=${config.heartbeatMs} and electionMs=${electionMs}`;
    throw new Error(`expected several heartbeats within an election timeout, got ${got}`);
  }
  if (config.reads === 'lease' && !config.checkQuorum) {
    throw new Error('expected checkQuorum=on with reads=lease (leases rest on it), got off');
  }
  return config;
}

function numberOf(settings: Settings, name: string, standard: number, least: number): number {
  const text = settings[name];
  if (text === undefined) return standard;
  const value = Number(text);
  if (text !== '' && Number.isFinite(value) && value >= least) return value;
  throw new Error(`expected ${name} to be a number of at least ${least}, got '${text}'`);
}

function integerOf(settings: Settings, name: string, standard: number): number {
  const value = numberOf(settings, name, standard, 1);
  if (Number.isInteger(value)) return value;
  throw new Error(`expected ${name} to be a whole number, got '${value}'`);
}

/** The first choice is the default. */
function choiceOf<const T extends string>(
  settings: Settings,
  name: string,
  choices: readonly [T, ...T[]],
): T {
  const text = settings[name];
  if (text === undefined) return choices[0];
  const choice = choices.find((each) => each === text);
  if (choice !== undefined) return choice;
  throw new Error(`expected ${name} to be one of ${choices.join(', ')}, got '${text}'`);
}
