import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gateOf, holdLimitBytes } from './gate.ts';
import type { Parcel, Sink } from './pipeline.ts';

/** A sink that takes so many parcels before it wants a rest. */
function recorder(): Sink & { readonly taken: Parcel[]; room: number } {
  const sink = {
    taken: [] as Parcel[],
    room: Infinity,
    push: (parcel: Parcel): void => {
      sink.taken.push(parcel);
      sink.room -= 1;
    },
    isFull: (): boolean => sink.room <= 0,
  };
  return sink;
}

function bytes(text: string): Parcel {
  return { kind: 'bytes', bytes: Buffer.from(text) };
}

function link(): { isCut: boolean; held: number; way: Parameters<typeof gateOf>[0] } {
  const state = {
    isCut: false,
    held: 0,
    way: {
      isCut: () => state.isCut,
      onHeld: () => {
        state.held += 1;
      },
    },
  };
  return state;
}

const command = fc.oneof(
  { weight: 4, arbitrary: fc.constant('push' as const) },
  fc.constantFrom('cut' as const, 'heal' as const, 'stall' as const, 'drain' as const),
);

describe('a gate', () => {
  it('lets nothing through while cut, and loses and reorders nothing over any cuts', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const sink = recorder();
        const state = link();
        const gate = gateOf(state.way);
        const stage = gate.stage(sink);
        let sent = 0;
        for (const each of commands) {
          const before = sink.taken.length;
          if (each === 'push') stage.push(bytes(String((sent += 1))));
          if (each === 'cut') state.isCut = true;
          if (each === 'heal') state.isCut = false;
          if (each === 'stall') sink.room = 0;
          if (each === 'drain') sink.room = Infinity;
          stage.update();
          if (state.isCut) expect(sink.taken.length).toBe(before);
        }
        state.isCut = false;
        sink.room = Infinity;
        stage.update();
        const expected = Array.from({ length: sent }, (_, at) => bytes(String(at + 1)));
        expect(sink.taken).toEqual(expected);
        expect(gate.heldBytes()).toBe(0);
      }),
    );
  });

  it('holds an end behind the bytes before it', () => {
    const sink = recorder();
    const state = link();
    const stage = gateOf(state.way).stage(sink);
    state.isCut = true;
    stage.push(bytes('last words'));
    stage.push({ kind: 'end' });
    state.isCut = false;
    stage.update();
    expect(sink.taken).toEqual([bytes('last words'), { kind: 'end' }]);
    expect(state.held).toBe(2);
  });

  it('forgets what it holds when the sender is reset, and tells so only after the heal', () => {
    const sink = recorder();
    const state = link();
    const stage = gateOf(state.way).stage(sink);
    state.isCut = true;
    stage.push(bytes('never retransmitted'));
    stage.push({ kind: 'reset' });
    stage.update();
    expect(sink.taken).toEqual([]);
    state.isCut = false;
    stage.update();
    expect(sink.taken).toEqual([{ kind: 'reset' }]);
  });

  it('passes a reset on even to a receiver that is full', () => {
    const sink = recorder();
    sink.room = 0;
    const state = link();
    const stage = gateOf(state.way).stage(sink);
    state.isCut = true;
    stage.push({ kind: 'reset' });
    state.isCut = false;
    stage.update();
    expect(sink.taken).toEqual([{ kind: 'reset' }]);
  });

  it('is full when it holds its limit, and no longer after the heal', () => {
    const sink = recorder();
    const state = link();
    const stage = gateOf(state.way).stage(sink);
    state.isCut = true;
    stage.push(bytes('x'.repeat(holdLimitBytes - 1)));
    expect(stage.isFull()).toBe(false);
    stage.push(bytes('x'));
    expect(stage.isFull()).toBe(true);
    state.isCut = false;
    stage.update();
    expect(stage.isFull()).toBe(false);
  });
});
