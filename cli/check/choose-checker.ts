import { compose } from '../../checkers/compose.ts';
import {
  type CheckerGuess,
  guessChecker,
  guessModel,
} from '../../checkers/formats/guess-checker.ts';
import { type CheckerOptions, checkers } from '../../checkers/index.ts';
import type { ModelEntry } from '../../checkers/models/model.ts';
import type { Checker } from '../../core/checker.ts';
import type { HistoryEvent } from '../../core/event.ts';
import type { Json } from '../../core/json.ts';
import { checkerOptions, modelledCheckers } from '../check-flags.ts';
import { parseDuration } from '../durations.ts';
import { UsageError, messageOf } from '../failure.ts';
import { lookUp } from '../lookup.ts';

/** What the command line says of how to judge; what it does not say is guessed from the history. */
export interface CheckerFlags {
  readonly checkers: readonly string[];
  readonly model: ModelEntry | undefined;
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

/** What a file itself says of how to judge it. */
export interface AboutHistory {
  /** For messages. */
  readonly name: string;
  readonly format: string;
  /** What only its surroundings can tell a checker. */
  readonly more?: CheckerOptions;
}

/**
 * Makes the checker that was asked for, or that the operations ask for. Throws `UsageError` where
 * nothing fits, or where a checker cannot do with the options that it was given.
 */
export function chooseChecker(
  flags: CheckerFlags,
  events: Iterable<HistoryEvent>,
  about: AboutHistory,
): ChosenChecker {
  const { names, model, guessed } = namesOf(flags, events, about);
  const notes: string[] = [];
  const options = {
    ...about.more,
    ...optionsOf(flags, names, notes),
    ...(model === null ? {} : { model: flags.model ?? model }),
  };
  if (model === null && flags.model !== undefined) notes.push(`--model ${saysNothing(names)}`);
  const made = Object.fromEntries(names.map((name) => [name, create(name, options)]));
  const [only, ...others] = Object.values(made);
  const checker = only === undefined || others.length > 0 ? compose(made) : only;
  return { checker, names, model, guessed, notes };
}

function create(name: string, options: CheckerOptions): Checker {
  const entry = lookUp('checker', checkers, name);
  try {
    return entry.create(options);
  } catch (error) {
    throw new UsageError(`${name}: ${messageOf(error)}`);
  }
}

interface Names {
  readonly names: readonly string[];
  readonly model: string | null;
  readonly guessed: boolean;
}

function namesOf(flags: CheckerFlags, events: Iterable<HistoryEvent>, about: AboutHistory): Names {
  const named = flags.model?.name;
  if (flags.checkers.length > 0) {
    const names = [...new Set(flags.checkers)];
    if (!names.some((name) => modelledCheckers.has(name))) {
      return { names, model: null, guessed: false };
    }
    if (named !== undefined) return { names, model: named, guessed: false };
    return { names, model: known(guessModel(events), about.name).model, guessed: true };
  }
  if (named !== undefined) return { names: ['linearizable'], model: named, guessed: false };
  // Sessions without a common clock say nothing of real time, which all other levels look at.
  if (about.format === 'session-txt') return { names: ['isolation'], model: null, guessed: true };
  const guess = known(guessChecker(events), about.name);
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
    const { option, checkers: takers } = lookUp('option', checkerOptions, flag);
    const value = optionValue(flag, text);
    if (takers.some((name) => names.includes(name))) entries.push([option, value]);
    else notes.push(`--${flag} ${saysNothing(names)}: it is for ${takers.join(', ')}`);
  }
  return Object.fromEntries(entries);
}

function saysNothing(names: readonly string[]): string {
  return `says nothing to ${names.join(', ')}`;
}

/** What the text of a flag stands for; throws `UsageError` when it stands for nothing. */
export function optionValue(flag: string, text: string): Json {
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
