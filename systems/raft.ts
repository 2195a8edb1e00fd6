import { bundled } from './bundled.ts';

export const raft = bundled({
  name: 'raft',
  summary: "A key-value store on Raft (Ongaro and Ousterhout 2014), dtest's own.",
});
