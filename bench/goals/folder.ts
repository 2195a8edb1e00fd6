import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { guessChecker } from '../../checkers/formats/guess-checker.ts';
import { guessFormat } from '../../checkers/formats/guess.ts';
import { formatNamed } from '../../checkers/formats/index.ts';
import { textChunks } from '../../store/lines.ts';
import { type Published, publishedIn } from './published.ts';

/** Every history of a folder: from its manifest where it has one, else by what the files look like. */
export function historiesIn(folder: string): readonly Published[] {
  if (!existsSync(folder))
    throw new Error(`expected a folder of histories, found nothing at ${folder}`);
  const published = publishedIn(folder);
  if (published.length > 0) return published;
  const files = readdirSync(folder)
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
  if (files.length > 0) return files.map((name) => guessed(resolve(folder, name)));
  throw new Error(`expected a folder of histories, found no file in ${folder}`);
}

/** Nobody knows the verdict of such a file. */
function guessed(file: string): Published {
  const format = guessFormat(file, beginningOf(file));
  if (format.kind === 'unknown') throw unclear(file, format.reason);
  const reader = formatNamed(format.name);
  const choice = guessChecker(reader.read(textChunks(file), { file }));
  if (choice.kind === 'unknown') throw unclear(file, choice.reason);
  const { checker, model } = choice;
  const question = { checker, options: model === null ? {} : { model }, expected: null };
  const family = basename(resolve(file, '..'));
  return { family, subject: { file, format: format.name, ...question } };
}

function beginningOf(file: string): string {
  for (const chunk of textChunks(file)) return chunk;
  return '';
}

function unclear(file: string, reason: string): Error {
  return new Error(`${file}: ${reason}; a manifest.json can say what it is`);
}
