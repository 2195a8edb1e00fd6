import { compose } from '../../checkers/compose.ts';
import {
  type CheckerGuess,
  guessChecker,
  guessModel,
} from '../../checkers/formats/guess-checker.ts';
import { type CheckerOptions, checkers } from '../../checkers/index.ts';
import { models } from '../../checkers/models/index.ts';
import type { Checker } from '../../core/checker.ts';
import type { HistoryEvent } from '../../core/event.ts';
import type { Json } from '../../core/json.ts';
import { checkerOptions } from '../check-flags.ts';
import { parseDuration } from '../durations.ts';
import { UsageError } from '../failure.ts';
import { lookUp } from '../lookup.ts';

/** What the command line says of how to judge; what it does not say is guessed from the history. */
export interface CheckerFlags {
  readonly checkers: readonly string[];
  readonly model: string | undefined;
  /** The text of each option that was given, by the name of its flag. */
  readonly options: Readonly<Record<string, string>>;
}

export interface ChosenChecker {
  readonly checker: Checker;
  readonly names: readonly string[];
  readonly model: string | null;
  /** How it was chosen, where that was not asked for. */
  readonly guessed: boolean;
  readonly notes: readonly string[];
}

/** These judge a history by a model. */
const modelled: ReadonlySet<string> = new Set(['linearizable', 'sequential']);

/**
 * Makes the checker that was asked for, or that the operations ask for. `about` is the file's name and
 * `more` what only the file can tell a checker. Throws `UsageError` where nothing fits.
 */
export function chooseChecker(
  flags: CheckerFlags,
  events: Iterable<HistoryEvent>,
  { about, more = {} }: { readonly about: string; readonly more?: CheckerOptions },
): ChosenChecker {
  const { names, model, guessed } = namesOf(flags, events, about);
  const notes: string[] = [];
  const options = {
    ...more,
    ...optionsOf(flags, names, notes),
    ...(model === null ? {} : { model }),
  };
  const made = Object.fromEntries(
    names.map((name) => [name, lookUp('checker', checkers, name).create(options)]),
  );
  const [only, ...others] = Object.values(made);
  const checker = only === undefined || others.length > 0 ? compose(made) : only;
  return { checker, names, model, guessed, notes };
}

function namesOf(flags: CheckerFlags, events: Iterable<HistoryEvent>, about: string) {
  for (const name of flags.checkers) lookUp('checker', checkers, name);
  if (flags.model !== undefined) lookUp('model', models, flags.model);
  const { model: named } = flags;
  if (flags.checkers.length > 0) {
    const needsModel = flags.checkers.some((name) => modelled.has(name));
    const model = needsModel ? (named ?? known(guessModel(events), about).model) : null;
    return {
      names: [...new Set(flags.checkers)],
      model,
      guessed: needsModel && named === undefined,
    };
  }
  if (named !== undefined) return { names: ['linearizable'], model: named, guessed: false };
  const guess = known(guessChecker(events), about);
  return { names: [guess.checker], model: guess.model, guessed: true };
}

function known(guess: CheckerGuess, about: string) {
  if (guess.kind === 'known') return guess;
  throw new UsageError(`${about}: ${guess.reason}`);
}

/** Notes the options that none of the checkers takes, rather than to fail on one of many files. */
function optionsOf(
  { options }: CheckerFlags,
  names: readonly string[],
  notes: string[],
): CheckerOptions {
  const entries: [string, Json][] = [];
  for (const [flag, text] of Object.entries(options)) {
    const taken = lookUp('option', checkerOptions, flag);
    entries.push([taken.option, valueOf(flag, text)]);
    if (taken.checkers.some((name) => names.includes(name))) continue;
    notes.push(
      `--${flag} says nothing to ${names.join(', ')}: it is for ${taken.checkers.join(', ')}`,
    );
  }
  return Object.fromEntries(entries);
}

function valueOf(flag: string, text: string): Json {
  switch (checkerOptions[flag]?.means) {
    case undefined:
      return text;
    case 'json':
      return parseJson(flag, text);
    case 'whole number':
      if (/^-?\d+$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
      throw new UsageError(`expected --${flag} as a whole number, got ${text}`);
    case 'duration':
      return text === 'none' || text === 'unknown' ? text : parseDuration(text, `--${flag}`);
    case 'true or false':
      return text === 'true';
    case 'list':
      return text.split(',');
  }
}

function parseJson(flag: string, text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new UsageError(`expected --${flag} as JSON, such as 0, null or '"a"', got ${text}`);
  }
}
