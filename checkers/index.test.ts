import { describe, expect, it } from 'vitest';
import { historyOf } from '../core/history.ts';
import { checkers } from './index.ts';
import { models, modelNamed } from './models/index.ts';

describe.each(Object.values(checkers))('the checker $name', (entry) => {
  it('goes by its own name and says what it promises', () => {
    expect(checkers[entry.name]).toBe(entry);
    expect(entry.create().name).toBe(entry.name);
    expect(entry.summary).toMatch(/^[a-z].*[^.]$/);
  });

  it('never calls an empty history invalid', async () => {
    expect((await entry.create().check(historyOf([]))).valid).not.toBe('invalid');
  });
});

describe.each(Object.values(models))('the model $name', (entry) => {
  it('goes by its own name and remembers where it came from', () => {
    expect(models[entry.name]).toBe(entry);
    expect(entry.create().origin).toEqual({ name: entry.name });
    expect(entry.create().operations).toEqual(entry.operations);
  });

  it('accepts the empty history', async () => {
    const checker = checkers.linearizable?.create({ model: entry.name });
    expect((await checker?.check(historyOf([])))?.valid).toBe('valid');
  });
});

it('names the models that there are when asked for another', () => {
  expect(() => modelNamed('regster')).toThrow(/one of register, cas-register.*got "regster"/);
  expect(() => modelNamed('constructor')).toThrow(/got "constructor"/);
});
