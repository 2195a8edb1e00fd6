import type {
  Effect,
  Input,
  Protocol,
  ProtocolOptions,
  Reply,
  Request,
} from '../../core/protocol.ts';

/**
 * A store of one node: real, durable and without any agreement, so that tests of the host depend on
 * no other protocol. Settings: `compactEvery` writes (0 for never); `throwOn` names a key whose SET
 * is a bug; `gossip` `on` sends every write to the other nodes, which count what they hear.
 */
export interface SingleState {
  readonly values: Map<string, string>;
  readonly options: Pick<ProtocolOptions, 'self' | 'nodes' | 'settings'>;
  writes: number;
  heard: number;
  ticks: number;
  wakeAtMs: number;
}

export interface SingleMessage {
  readonly kind: 'wrote';
  readonly key: string;
}

type Change = readonly [key: string, value: string | null];

export const single: Protocol<SingleState, SingleMessage> = {
  name: 'single',
  init,
  step(state, input, nowMs) {
    switch (input.kind) {
      case 'tick':
        state.ticks++;
        state.wakeAtMs = nowMs + 50;
        return [];
      case 'message':
        state.heard++;
        return [];
      case 'request':
        return serve(state, input);
      case 'cancel':
      case 'persisted':
        return [];
    }
  },
  wakeAt: (state) => state.wakeAtMs,
  status: (state) => ({
    ...{ role: 'leader', term: 1, leader: state.options.self },
    ...{ commitIndex: state.writes, appliedIndex: state.writes },
  }),
  counters: ({ writes, heard, ticks }) => ({ writes, heard, ticks }),
  isMessage: (value): value is SingleMessage =>
    typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'wrote',
};

function init({ self, nodes, settings, durable, nowMs }: ProtocolOptions): SingleState {
  const snapshot = (durable.snapshot ?? []) as readonly Change[];
  const state: SingleState = {
    values: new Map(),
    options: { self, nodes, settings },
    ...{ writes: 0, heard: 0, ticks: 0, wakeAtMs: nowMs },
  };
  for (const change of [...snapshot, ...(durable.records as readonly Change[])]) {
    apply(state, change);
  }
  return state;
}

function apply(state: SingleState, [key, value]: Change): void {
  if (value === null) state.values.delete(key);
  else state.values.set(key, value);
  state.writes++;
}

function serve(
  state: SingleState,
  { id, request }: Extract<Input<SingleMessage>, { kind: 'request' }>,
): Effect<SingleMessage>[] {
  const decided = decide(state, request);
  const reply: Effect<SingleMessage> = { kind: 'reply', id, reply: decided.reply };
  if (decided.change === undefined) return [reply];
  apply(state, decided.change);
  const [key] = decided.change;
  const { self, nodes, settings } = state.options;
  const told = settings.gossip === 'on' ? nodes.filter((node) => node !== self) : [];
  return [
    persist(state, decided.change),
    ...told.map((to) => ({ kind: 'send', to, message: { kind: 'wrote', key } }) as const),
    reply,
  ];
}

function persist(state: SingleState, change: Change): Effect<SingleMessage> {
  const every = Number(state.options.settings.compactEvery ?? 0);
  if (every === 0 || state.writes % every !== 0) return { kind: 'persist', records: [change] };
  return { kind: 'compact', snapshot: [...state.values], records: [] };
}

interface Decision {
  readonly reply: Reply;
  readonly change?: Change;
}

function decide(state: SingleState, request: Request): Decision {
  if (request.op === 'open-session') return ok(1);
  if (request.op === 'members' || request.op === 'transfer') {
    return { reply: { kind: 'refused', reason: 'impossible' } };
  }
  const { key } = request;
  const current = state.values.get(key) ?? null;
  switch (request.op) {
    case 'get':
      return ok(current);
    case 'set':
      if (key === state.options.settings.throwOn) throw new Error(`a bug with the key ${key}`);
      return ok(null, [key, request.value]);
    case 'cas':
      if (current === request.from) return ok(null, [key, request.to]);
      return { reply: { kind: 'refused', reason: 'cas-mismatch' } };
    case 'del':
      return current === null ? ok(0) : ok(1, [key, null]);
    case 'append': {
      const value = (current ?? '') + request.value;
      return ok(value.length, [key, value]);
    }
    case 'incr': {
      const value = Number(current ?? 0) + 1;
      if (Number.isSafeInteger(value)) return ok(value, [key, String(value)]);
      return { reply: { kind: 'refused', reason: 'wrong-type' } };
    }
  }
}

function ok(value: string | number | null, change?: Change): Decision {
  const reply: Reply = { kind: 'ok', value };
  return change === undefined ? { reply } : { reply, change };
}
