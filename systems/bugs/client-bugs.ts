import { type Bug, wordsOf } from '../../core/bug.ts';
import type { Clock } from '../../core/clock.ts';
import type { RespConnection, Words } from '../../wire/resp-line.ts';
import type { respClient } from '../resp-client.ts';
import { carelessConnection } from './careless-connection.ts';

type Connect = typeof respClient;

/** A mistake in the client: the correct one, bent from outside. */
export interface ClientBug extends Bug {
  readonly plant: (connect: Connect) => Connect;
}

export const clientBugs: readonly ClientBug[] = [
  {
    name: 'client-retry-new-id',
    summary: 'A write that is sent again has a new sequence number.',
    source: 'jepsen.io, jetcd 0.8.2; fluree/db#1839',
    anomaly: 'a write takes effect twice',
    hunt: wordsOf(
      'register -n 3 --rate 100 --time 10s --read-ratio 0.3 --set sessions=on --nemesis partition,kill:leader,pause:leader --nemesis-interval 1s',
    ),
    plant: onConnection(alwaysNew),
  },
  {
    name: 'client-timeout-as-fail',
    summary: 'A write without an answer counts as failed.',
    source: 'jepsen-io/jepsen#596; aphyr.com/posts/282',
    anomaly: 'a write that failed is read',
    hunt: wordsOf(
      'register -n 3 --rate 100 --time 10s --timeout 500ms --nemesis partition:isolate-leader,pause:leader --nemesis-interval 1s',
    ),
    plant: (connect) => async (options) => {
      const client = await connect(options);
      return {
        async invoke(op) {
          const outcome = await client.invoke(op);
          return outcome.phase === 'info' ? { ...outcome, phase: 'fail' } : outcome;
        },
        [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
      };
    },
  },
  {
    name: 'client-reply-mixup',
    summary:
      'A connection is used again after a time-out, and the late reply answers what came next.',
    source: 'redis/redis-py#2624, redis/redis-py#2632',
    anomaly: 'an impossible value is read',
    hunt: wordsOf(
      'register -n 3 --rate 100 --time 10s --timeout 200ms --read-ratio 0.9 --nemesis pause --nemesis-interval 1s',
    ),
    plant: onConnection(carelessConnection),
  },
];

function onConnection(
  bend: (clock: Clock) => (connection: RespConnection) => RespConnection,
): ClientBug['plant'] {
  return (connect) => (options) => {
    const bent = bend(options.clock);
    return connect({ ...options, open: async (timeoutMs) => bent(await options.open(timeoutMs)) });
  };
}

/** Numbers every attempt of a client anew, whichever connection it goes over. */
function alwaysNew(): (connection: RespConnection) => RespConnection {
  let attempts = 0;
  const renumbered = (words: Words): Words =>
    words[0] === 'SESSION' && words[1] === 'USE'
      ? [...words.slice(0, 3), String(++attempts)]
      : words;
  return (connection) => ({
    get isOpen() {
      return connection.isOpen;
    },
    ask: (commands, timeoutMs) => connection.ask(commands.map(renumbered), timeoutMs),
    close: () => connection.close(),
  });
}
