import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { playScenario } from './scenario.ts';
import { type SequencerMessage, type SequencerState, sequencer } from './sequencer.ts';
import type { Dialect } from './stage.ts';
import { replay } from './transcript.ts';

const dialect: Dialect<SequencerState, SequencerMessage> = {
  consensus: sequencer,
  message: (message) =>
    message.kind === 'order' ? `${message.index}:${String(message.command)}` : `${message.index}?`,
  record: String,
  state: ({ log }) => [`holds ${log.join(' ')}`],
};

it('a scenario of the sequencer plays as written (UPDATE_SCENARIOS=1 rewrites it)', () => {
  const path = join(import.meta.dirname, 'scenarios', 'sequencer.txt');
  const written = readFileSync(path, 'utf8');
  const played = playScenario(written, dialect);
  if (process.env.UPDATE_SCENARIOS === '1') writeFileSync(path, played);
  else expect(played).toBe(written);
});

it('a transcript keeps its comments and replaces the outputs', () => {
  const transcript = '# why\nadd 1 2 by=3\n----\nold\nlines\n\nfail\n';
  const played = replay(transcript, ({ verb, words, named }) => {
    if (verb === 'fail') throw new Error('no');
    return [`${words.join('+')}, ${named.by ?? ''}`];
  });
  expect(played).toBe('# why\nadd 1 2 by=3\n----\n1+2, 3\n\nfail\n----\nerror: no\n');
});
