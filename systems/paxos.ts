import { bundled, number } from './bundled.ts';

export const paxos = bundled({
  name: 'paxos',
  summary: "A key-value store on Multi-Paxos (Lamport 2001), dtest's own.",
  settings: [
    number('pipeline', 8, 'Batches that may wait for a majority at a time.', [1, 2]),
    number(
      'alpha',
      1024,
      'Slots after its own from which a change of members is in force.',
      [3, 30],
    ),
  ],
});
