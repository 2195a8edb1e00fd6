/**
 * Values of a history are data, and hostile ones want to be seen, not obeyed. Controls, lone
 * surrogates, noncharacters, line separators and the marks that turn the direction of the text
 * around (they can make a page say the opposite of what it holds) come out as readable names.
 * What is left is legal in HTML and in XML 1.0.
 */
export function visible(text: string): string {
  return text.replace(unseen, (found) => nameOf(found.codePointAt(0) ?? 0));
}

const unseen =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Noncharacter_Code_Point}\u{200B}\u{2060}\u{FEFF}]/gu;

function nameOf(codePoint: number): string {
  if (codePoint === 0x0a || codePoint === 0x09) return String.fromCodePoint(codePoint);
  if (codePoint < 0x20) return String.fromCodePoint(0x2400 + codePoint);
  if (codePoint === 0x7f) return '\u{2421}';
  return `⟨U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

/** The first `limit` characters, with a note of how many there were; a report has to stay small. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const shown = text.slice(0, limit).replace(/\p{Cs}$/u, '');
  return `${shown}… (${text.length.toLocaleString('en-US')} characters, the first ${limit.toLocaleString('en-US')} shown)`;
}

/** One line of at most `limit` characters, for labels that have no room for a note. */
export function shorten(text: string, limit: number): string {
  const line = visible(text.slice(0, limit * 2))
    .replace(/\s+/gu, ' ')
    .trim();
  if (line.length <= limit && text.length <= limit * 2) return line;
  return `${line.slice(0, limit - 1).replace(/\p{Cs}$/u, '')}…`;
}
