import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ContextFile, contentTag } from './tags.ts';

const file = fc.record({ path: fc.string(), content: fc.uint8Array({ maxLength: 8 }) });
const files = fc.uniqueArray(file, { selector: (each) => each.path, maxLength: 6 });

describe('a content tag', () => {
  it('does not depend on the order of the files', () => {
    fc.assert(
      fc.property(files, fc.integer(), (all, turn) => {
        const at = all.length === 0 ? 0 : Math.abs(turn) % all.length;
        const turned = [...all.slice(at), ...all.slice(0, at)];
        expect(contentTag(turned)).toBe(contentTag(all));
      }),
    );
  });

  it('differs where the files differ', () => {
    const plain = (all: readonly ContextFile[]) =>
      JSON.stringify(
        all.map((each) => [each.path, [...each.content]]).sort(([a], [b]) => (a! < b! ? -1 : 1)),
      );
    fc.assert(
      fc.property(files, files, (one, other) => {
        expect(contentTag(one) === contentTag(other)).toBe(plain(one) === plain(other));
      }),
    );
  });

  it('differs where content moves from one file to the next', () => {
    const text = (content: string) => Buffer.from(content);
    const one = [
      { path: 'a', content: text('xy') },
      { path: 'b', content: text('') },
    ];
    const other = [
      { path: 'a', content: text('x') },
      { path: 'b', content: text('y') },
    ];
    expect(contentTag(one)).not.toBe(contentTag(other));
  });

  it('is one that registries accept', () => {
    expect(contentTag([])).toMatch(/^[a-z0-9]{12}$/);
  });
});
