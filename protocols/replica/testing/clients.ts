import type { Reply, Request, Write } from '../../../core/protocol.ts';
import type { Rng } from '../../../core/rng.ts';
import type { TestCluster } from '../../testing/cluster.ts';
import { type Deed, tokenEnd } from './deeds.ts';

export interface ClientsPlan {
  readonly clients: number;
  /** Whether writes have a session, and are then repeated until they are answered. */
  readonly sessions: boolean;
  /** How long a client waits for an answer. */
  readonly patienceMs: number;
  /** How long a client goes on repeating one write. */
  readonly staminaMs: number;
  readonly pauseMs: number;
  readonly untilMs: number;
}

export interface Clients {
  readonly deeds: readonly Deed[];
  /** To be called with every reply of the cluster. */
  answered(id: number, reply: Reply): void;
  /** Clients that have something under way. */
  busy(): number;
}

type Cluster = TestCluster<unknown, unknown>;

interface World {
  readonly cluster: Cluster;
  readonly plan: ClientsPlan;
  readonly rng: Rng;
  readonly deeds: Deed[];
  readonly waiting: Map<number, (reply: Reply) => void>;
  ids: number;
  moments: number;
  busy: number;
}

interface Client {
  readonly name: string;
  session: number | undefined;
  sequence: number;
  tokens: number;
}

/** Clients that do one thing after another, each time at any node, until their time is over. */
export function startClients(cluster: Cluster, plan: ClientsPlan, rng: Rng): Clients {
  const world: World = {
    ...{ cluster, plan, rng, deeds: [], waiting: new Map() },
    ...{ ids: 0, moments: 0, busy: 0 },
  };
  for (let at = 0; at < plan.clients; at++) {
    const client: Client = { name: `c${at}`, session: undefined, sequence: 0, tokens: 0 };
    const goOn = (): void => {
      if (cluster.nowMs() > plan.untilMs) return;
      cluster.after(rng.exponential(plan.pauseMs), () => act(world, client, goOn));
    };
    goOn();
  }
  return {
    deeds: world.deeds,
    answered(id, reply) {
      const take = world.waiting.get(id);
      world.waiting.delete(id);
      // Not within the step that replies: the answer takes its way, and the next request comes later.
      if (take !== undefined) cluster.soon(() => take(reply));
    },
    busy: () => world.busy,
  };
}

/** Asks some node; undefined when the client has lost patience. */
function ask(world: World, request: Request, done: (reply: Reply | undefined) => void): void {
  const { cluster, rng, plan, waiting } = world;
  const id = ++world.ids;
  const node = cluster.node(rng.pick(cluster.ids));
  waiting.set(id, done);
  cluster.after(plan.patienceMs, () => {
    if (!waiting.delete(id)) return;
    node.input({ kind: 'read', id });
    done(undefined);
  });
  node.input({ kind: 'propose', id, command: request });
}

function act(world: World, client: Client, goOn: () => void): void {
  const { rng, plan } = world;
  world.busy += 1;
  const end = (): void => {
    world.busy -= 1;
    goOn();
  };
  const draw = rng.float();
  if (draw < 0.4) {
    const deed = begin(world, 'read', rng.pick(['x', 'y']), '');
    ask(world, { op: 'get', key: deed.key }, (reply) => {
      finish(world, deed, reply);
      end();
    });
    return;
  }
  const token = `${client.name}.${++client.tokens}`;
  const write: Write =
    draw < 0.5
      ? { op: 'incr', key: 'n' }
      : { op: 'append', key: rng.pick(['x', 'y']), value: token + tokenEnd };
  if (!plan.sessions) {
    const deed = begin(world, write.op === 'incr' ? 'incr' : 'append', write.key, token);
    ask(world, write, (reply) => {
      finish(world, deed, reply);
      end();
    });
  } else if (client.session === undefined) {
    ask(world, { op: 'open-session' }, (reply) => {
      if (reply?.kind === 'ok') client.session = Number(reply.value);
      client.sequence = 0;
      end();
    });
  } else {
    writeInSession(world, client, { write, token, end });
  }
}

/** The same write under the same number until it is answered for good, or the client gives up. */
function writeInSession(
  world: World,
  client: Client,
  {
    write,
    token,
    end,
  }: { readonly write: Write; readonly token: string; readonly end: () => void },
): void {
  const { cluster, plan } = world;
  const deed = begin(world, write.op === 'incr' ? 'incr' : 'append', write.key, token);
  const giveUpMs = cluster.nowMs() + plan.staminaMs;
  const { session = 0 } = client;
  const sequence = ++client.sequence;
  const attempt = (): void => {
    ask(world, { ...write, session, sequence }, (reply) => {
      if (reply?.kind === 'ok') {
        finish(world, deed, reply);
        end();
      } else if (reply?.kind === 'unknown' && reply.reason.startsWith('stale')) {
        throw new Error(`expected the last write of session ${session}, got ${reply.reason}`);
      } else if (cluster.nowMs() < giveUpMs) {
        cluster.after(1, attempt);
      } else {
        client.session = undefined;
        end();
      }
    });
  };
  attempt();
}

function begin(world: World, kind: Deed['kind'], key: string, token: string): Deed {
  const invokedAt = ++world.moments;
  const outcome = 'unknown' as const;
  const deed: Deed = { kind, key, token, invokedAt, endedAt: Infinity, outcome, value: null };
  world.deeds.push(deed);
  return deed;
}

function finish(world: World, deed: Deed, reply: Reply | undefined): void {
  if (reply === undefined || reply.kind === 'unknown') return;
  deed.endedAt = ++world.moments;
  deed.outcome = reply.kind;
  if (reply.kind === 'ok') deed.value = reply.value;
}
