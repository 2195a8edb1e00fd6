import { describe, expect, it } from 'vitest';
import type { Suspicion } from '../operations/suspects.ts';
import { messageCollector } from './collect.ts';

const suspicion: Suspicion = {
  ...{ name: '1: key 2', key: '2', fromNs: 1e9, toNs: 2e9 },
  ...{ focusFromNs: 1.9e9, focusToNs: 2e9, blamed: [], operations: [] },
};
const link = { from: 'n1', to: 'n2' };

describe('the messages around a violation', () => {
  it('are those sent while it lasted, with when they arrived', () => {
    const collector = messageCollector([suspicion], ['n1', 'n2']);
    collector.sends(link, 0.5e9, { kind: 'append', term: 1 })(0.6e9);
    const arrived = collector.sends(link, 1.95e9, { kind: 'append', term: 2, entries: [] });
    collector.sends(link, 1.96e9, { kind: 'vote', term: 3 });
    arrived(1.97e9);
    arrived(1.99e9);
    collector.sends(link, 3e9, { kind: 'append', term: 4 });
    const [window] = collector.finish().windows;
    expect(window!.messages).toEqual([
      { ...link, sentNs: 1.95e9, arrivedNs: 1.97e9, kind: 'append', text: 'term 2, entries []' },
      { ...link, sentNs: 1.96e9, arrivedNs: null, kind: 'vote', text: 'term 3' },
    ]);
    expect(window!.omitted).toBe(0);
  });

  it('are called by the innermost where one carries another', () => {
    const collector = messageCollector([suspicion], ['n1', 'n2']);
    collector.sends(link, 1.95e9, { kind: 'agree', message: { kind: 'commit', index: 7 } });
    collector.sends(link, 1.95e9, 'no object');
    const [window] = collector.finish().windows;
    expect(window!.messages.map(({ kind, text }) => [kind, text])).toEqual([
      ['commit', 'index 7'],
      ['message', ''],
    ]);
  });

  it('are bounded: the nearest are kept, and the others counted', () => {
    const collector = messageCollector([suspicion], ['n1', 'n2']);
    for (let at = 0; at < 30_000; at++) {
      collector.sends(link, 1e9 + at * 3e4, { kind: 'append', blob: 'x'.repeat(10_000) });
    }
    const [window] = collector.finish().windows;
    expect(window!.messages).toHaveLength(800);
    expect(window!.omitted).toBe(29_200);
    expect(window!.messages[0]!.sentNs).toBeGreaterThan(1.87e9);
    expect(window!.fromNs).toBe(window!.messages[0]!.sentNs);
    expect(JSON.stringify(window).length).toBeLessThan(400_000);
  });

  it('come with what nodes logged meanwhile', () => {
    const collector = messageCollector([suspicion], ['n1', 'n2']);
    collector.logs('n1', 0.1e9, 'too early');
    collector.logs('n1', 1.5e9, 'leads');
    expect(collector.finish().windows[0]!.notes).toEqual([
      { node: 'n1', timeNs: 1.5e9, text: 'leads' },
    ]);
  });
});
