import { bundled, number, onOrOff } from './bundled.ts';

export const raft = bundled({
  name: 'raft',
  summary: "A key-value store on Raft (Ongaro and Ousterhout 2014), dtest's own.",
  settings: [
    number(
      'electionSpreadMs',
      300,
      'Election timeouts are drawn from electionMs up to so much more.',
      [20, 150],
    ),
    onOrOff('preVote', 'on', 'Whether a node asks if it could win before it starts an election.'),
    // Leases cannot do without it, so that no seed turns it off.
    onOrOff('checkQuorum', 'on', 'Whether a leader that hears from no majority steps down.', []),
    number(
      'keepEntries',
      1000,
      'Log entries kept behind a snapshot, for followers that lag a little.',
    ),
    number('maxInflight', 2, 'Messages with entries under way to one follower.', [1, 16]),
  ],
});
