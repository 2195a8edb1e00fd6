import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostileValues } from '../testing/hostile.ts';
import { unescaped } from '../testing/tags.ts';
import { escapeText, inlineJson, markup } from './markup.ts';
import { clip, shorten, visible } from './visible.ts';

describe('markup', () => {
  it.each(hostileValues)('holds %j as text, between tags and in attributes', (value) => {
    const { markup: text } = markup`<p title="${value}">${[value, null, false, 3]}</p>`;
    const [, title, content] = /^<p title="([^"<>]*)">([^<>]*)3<\/p>$/u.exec(text) ?? [];
    expect(unescaped(title!)).toBe(visible(value));
    expect(unescaped(content!)).toBe(visible(value));
  });

  it('lets only markup through unescaped', () => {
    expect(markup`<b>${markup`<i>${'<'}</i>`}</b>`.markup).toBe('<b><i>&#60;</i></b>');
  });

  it('leaves nothing in any string that XML 1.0 forbids or that starts markup', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        expect(escapeText(value)).toMatch(
          /^[\t\n\u{20}-\u{7E}\u{A0}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u,
        );
        expect(escapeText(value)).not.toMatch(/[<>"'`]/u);
      }),
    );
  });

  it('puts JSON into a script element so that it reads back the same and closes nothing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...hostileValues), fc.string()), (value) => {
        const text = inlineJson({ [value]: [value] }).markup;
        expect(text).not.toMatch(/[<>&\u{2028}\u{2029}]/u);
        expect(JSON.parse(text)).toEqual(Object.fromEntries([[value, [value]]]));
      }),
    );
  });
});

describe('visible text', () => {
  it('names what cannot be seen or would turn the text around', () => {
    expect(visible('a\u{0}b\u{202e}c\u{d800}d\u{7f}e\u{feff}')).toBe(
      'a␀b⟨U+202E⟩c⟨U+D800⟩d␡e⟨U+FEFF⟩',
    );
  });

  it('leaves letters of every script, emoji and line breaks alone', () => {
    const text = 'Grüße, שלום, مرحبا, 你好, 👩‍👩‍👧\n\tü';
    expect(visible(text)).toBe(text);
  });

  it('cuts long values short and says how long they were', () => {
    expect(clip('x'.repeat(10_000_000), 3)).toBe('xxx… (10,000,000 characters, the first 3 shown)');
    expect(shorten('one\ntwo   three', 9)).toBe('one two …');
    expect(shorten(' one\n two ', 9)).toBe('one two');
    expect(shorten('👩👩👩', 4)).toBe('👩…');
  });
});
