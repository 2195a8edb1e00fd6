import type { Sighting } from '../core/nemesis.ts';
import type { Run } from '../core/run.ts';
import type { MessageRecord } from './messages/message-record.ts';

/** A run whose nodes were watched: what they said of themselves, an entry whenever something changed. */
export interface Watched {
  readonly sightings: readonly Sighting[];
}

export function isWatched(run: Run): run is Run & Watched {
  return 'sightings' in run;
}

/** A run of which the messages around a violation are known. */
export interface Traced {
  readonly messages: MessageRecord;
}

export function isTraced(run: Run): run is Run & Traced {
  return 'messages' in run;
}
