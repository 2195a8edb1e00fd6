import { describe, expect, it } from 'vitest';
import { engineTranscript } from './events.ts';

describe('what the engine says of a build', () => {
  it('is no failure as long as no event is an error', () => {
    const transcript = engineTranscript();
    transcript.add({ stream: 'Step 1/2 : FROM scratch\n' });
    transcript.add({ status: 'Downloading', id: 'abc' });
    transcript.add({ stream: 'W: error: only a word in the output\n' });
    expect(transcript.failure()).toBeUndefined();
  });

  it('is a failure with one error event, with the output before it', () => {
    const transcript = engineTranscript();
    transcript.add({ stream: 'E: Unable to locate package\n' });
    transcript.add({ error: 'short', errorDetail: { message: 'The command returned 100' } });
    transcript.add({ stream: 'and after\n' });
    expect(transcript.failure()).toBe(
      'The command returned 100\n  | E: Unable to locate package\n  | and after',
    );
  });

  it('keeps only the end of a long output', () => {
    const transcript = engineTranscript();
    for (let line = 0; line < 1000; line++) transcript.add({ stream: `line ${String(line)}\n` });
    transcript.add({ error: 'failed' });
    const lines = transcript.failure()?.split('\n') ?? [];
    expect(lines).toHaveLength(16);
    expect(lines.at(-1)).toBe('  | line 999');
  });
});
