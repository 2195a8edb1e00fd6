import { bundled } from './bundled.ts';

export const paxos = bundled({
  name: 'paxos',
  summary: "A key-value store on Multi-Paxos (Lamport 2001), dtest's own.",
});
