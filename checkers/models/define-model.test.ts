import { describe, expect, it } from 'vitest';
import { historyOf } from '../../core/history.ts';
import { linearizable } from '../linearizability/index.ts';
import { brief } from '../testing/brief.ts';
import { type ModelDefinition, defineModel } from './define-model.ts';

const register: ModelDefinition<number> = {
  name: 'my-register',
  operations: ['read', 'write'],
  init: 0,
  step: (state, { op, input, output }) => {
    if (op === 'write') return [Number(input)];
    return output === state ? [state] : [];
  },
};

const wrote = historyOf(brief('0 invoke write 1\n0 ok write 1\n0 invoke read\n0 ok read 1'));

const summaryWith = async <State>(definition: ModelDefinition<State>): Promise<string> => {
  const verdict = await linearizable(defineModel(definition).create()).check(wrote);
  return `${verdict.valid}: ${verdict.summary}`;
};

describe('defineModel', () => {
  it('needs a name, operations, an initial state and step, and nothing else', async () => {
    expect(await summaryWith(register)).toMatch(/^valid: /);
    const { summary } = defineModel(register);
    expect(summary).toBe('the model my-register');
  });

  it.each([
    [{ ...register, name: '' }, 'expected a model to have a name, got ""'],
    [
      { ...register, operations: [] },
      'expected a model to have operations, a list of names, got []',
    ],
    [{ ...register, init: undefined }, 'expected a model to have init, the initial state'],
    [{ ...register, step: 3 }, 'expected a model to have step, a function, got 3'],
  ])('says what is missing: %#', (definition, message) => {
    expect(() => defineModel(definition as unknown as ModelDefinition<number>)).toThrow(message);
  });

  it('refuses an initial value unless it says what to make of it', () => {
    expect(() => defineModel(register).create({ init: 5 })).toThrow('which has no initFrom, got 5');
    const settable = defineModel({ ...register, initFrom: Number });
    expect(settable.create({ init: 5 }).init).toBe(5);
  });

  it('tells of a step that changes its state instead of returning another', async () => {
    const summary = await summaryWith<{ value: number }>({
      name: 'careless',
      operations: ['read', 'write'],
      init: { value: 0 },
      step: (state, { op, input, output }) => {
        if (op === 'write') state.value = Number(input);
        return op === 'write' || output === state.value ? [state] : [];
      },
    });
    expect(summary).toMatch(/^unknown: .*read only property 'value'/);
  });

  it('refuses states that JSON cannot tell apart, unless there is a key for them', async () => {
    const kept: ModelDefinition<ReadonlySet<number>> = {
      name: 'kept',
      operations: ['read', 'write'],
      init: new Set(),
      step: (state, { op, input, output }) => {
        if (op === 'write') return [new Set([...state, Number(input)])];
        return state.has(Number(output)) ? [state] : [];
      },
    };
    expect(() => defineModel(kept).create()).toThrow(
      'expected the states of kept to be plain data, or the model to have a stateKey, got a Set',
    );
    expect(await summaryWith({ ...kept, stateKey: (state) => [...state].join() })).toMatch(
      /^valid/,
    );
    expect(await summaryWith({ ...register, step: () => [Number.NaN] })).toMatch(
      /^unknown: .*plain data.* got NaN/,
    );
  });

  it('says what step should have returned', async () => {
    const step = (() => 1) as unknown as ModelDefinition<number>['step'];
    expect(await summaryWith({ ...register, step })).toMatch(
      /^unknown: .*expected step of my-register to return a list of states, got 1/,
    );
  });
});
