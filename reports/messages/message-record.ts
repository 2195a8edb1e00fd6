/** What `messages.json` holds: the messages around each violation of a simulated run. */
export interface MessageRecord {
  readonly schema: 1;
  readonly windows: readonly MessageWindow[];
}

/** The messages around one violation, in the order in which they were sent. Times are the run's. */
export interface MessageWindow {
  /** What it is about: `key 2`, `cycle G-single`. */
  readonly name: string;
  readonly fromNs: number;
  readonly toNs: number;
  readonly nodes: readonly string[];
  readonly messages: readonly MessageSeen[];
  /** What nodes said in their logs. */
  readonly notes: readonly NodeNote[];
  /** Messages of the window left out, those sent furthest from what could not be explained. */
  readonly omitted: number;
}

export interface MessageSeen {
  readonly from: string;
  readonly to: string;
  readonly sentNs: number;
  /** Null for one that never arrived, or only after the window. */
  readonly arrivedNs: number | null;
  /** As the protocol calls it: `append`, `vote-reply`. */
  readonly kind: string;
  /** Its other fields, short. */
  readonly text: string;
}

export interface NodeNote {
  readonly node: string;
  readonly timeNs: number;
  readonly text: string;
}
