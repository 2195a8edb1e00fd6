/** Where in which file something was not as expected. Lines count from 1. */
export interface Whereabouts {
  readonly file: string;
  readonly line: number;
}

/** A history that cannot be read: says file, line, what was expected, and what came. */
export class BadInput extends Error {
  override readonly name = 'BadInput';
  readonly file: string;
  readonly line: number;

  constructor(where: Whereabouts, expected: string, got: string, options?: ErrorOptions) {
    super(`${where.file}:${where.line}: expected ${expected}, got ${excerpt(got)}`, options);
    this.file = where.file;
    this.line = where.line;
  }
}

/** The beginning of a text on one line, with what cannot be printed made visible. */
export function excerpt(text: string): string {
  if (text === '') return 'nothing';
  return text.length <= 120
    ? JSON.stringify(text)
    : `${JSON.stringify(text.slice(0, 100))} and ${text.length - 100} characters more`;
}
