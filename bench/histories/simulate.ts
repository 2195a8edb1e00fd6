import { createAgenda } from './agenda.ts';
import { drawsOf, exponential } from './draws.ts';
import type { HistoryOptions } from './history-options.ts';
import { createObject } from './objects.ts';
import type { SimulatedObject, SimulatedOperation } from './simulated.ts';

const meanLatencyNs = 1e6;

/** A crashed operation takes effect with this probability, at most so many mean latencies later. */
const effectProbability = 0.5;
const latestEffect = 20;

/** How long a client waits for a crashed operation before it goes on under a new process. */
const patience = 5;

/** An operation was called, or its client learnt how it ended. */
export interface Moment {
  readonly atNs: number;
  readonly operation: SimulatedOperation;
  readonly isCall: boolean;
}

type Planned =
  | { readonly kind: 'call'; readonly client: number }
  | { readonly kind: 'effect' | 'end'; readonly operation: SimulatedOperation };

/**
 * A discrete-event simulation of clients that call one atomic object. Each operation takes effect at one
 * moment between its call and its return, so the history is linearizable, and serializable strictly, by
 * construction. Memory is bounded by what is open and by the object, however long the history is.
 */
export function* simulate(options: HistoryOptions): Generator<Moment> {
  const draw = drawsOf(options.seed);
  const object = createObject(options, draw);
  const agenda = createAgenda<Planned>();
  const processes = Array.from({ length: options.clients }, (_, client) => client);
  processes.forEach((client) => agenda.add(draw() * meanLatencyNs, { kind: 'call', client }));
  const crashes = crashPoints(options, draw);
  let nextProcess = options.clients;
  let called = 0;
  let toCrash = 0;

  for (let next = agenda.next(); next !== null; next = agenda.next()) {
    const { atNs, thing } = next;
    switch (thing.kind) {
      case 'call': {
        if (called >= options.operations) break;
        if (crashes.has(called)) toCrash++;
        called++;
        const { client } = thing;
        const operation = callOf(object, client, processes[client] ?? client, atNs);
        yield { atNs, operation, isCall: true };
        const latencyNs = meanLatencyNs * (0.2 + 0.8 * exponential(draw));
        if (toCrash > 0 && !isRead(operation.op)) {
          toCrash--;
          crash(operation);
        } else complete(operation, latencyNs);
        break;
      }
      case 'effect':
        takeEffect(object, thing.operation);
        break;
      case 'end': {
        const { operation } = thing;
        yield { atNs, operation, isCall: false };
        if (operation.phase === 'info') processes[operation.client] = nextProcess++;
        // A pause of mean 0 is drawn all the same: the draws are those of the baseline.
        agenda.add(atNs + 0 * exponential(draw) + 1, { kind: 'call', client: operation.client });
      }
    }
  }

  function complete(operation: SimulatedOperation, latencyNs: number): void {
    const { calledAtNs } = operation;
    operation.returnedAtNs = calledAtNs + latencyNs;
    const effectAtNs = calledAtNs + latencyNs * (0.02 + 0.96 * draw());
    agenda.add(effectAtNs, { kind: 'effect', operation });
    agenda.add(operation.returnedAtNs, { kind: 'end', operation });
  }

  function crash(operation: SimulatedOperation): void {
    const { calledAtNs } = operation;
    operation.phase = 'info';
    if (draw() < effectProbability) {
      const effectAtNs = calledAtNs + meanLatencyNs * latestEffect * draw();
      agenda.add(effectAtNs, { kind: 'effect', operation });
    }
    agenda.add(calledAtNs + patience * meanLatencyNs, { kind: 'end', operation });
  }
}

/** The calls at, or soon after which, an operation crashes: none in the last tenth. */
function crashPoints({ operations, crashed = 0 }: HistoryOptions, draw: () => number): Set<number> {
  const points = new Set<number>();
  while (points.size < crashed) points.add(Math.floor(draw() * operations * 0.9));
  return points;
}

function callOf(
  object: SimulatedObject,
  client: number,
  process: number,
  calledAtNs: number,
): SimulatedOperation {
  const { op, key, input } = object.propose(client);
  return {
    client,
    process,
    op,
    key,
    input,
    calledAtNs,
    returnedAtNs: Infinity,
    output: null,
    phase: 'ok',
  };
}

/** A crashed read would say nothing, so none crashes. */
function isRead(op: string): boolean {
  return op === 'read' || op === 'contains';
}

/** Nobody learns how a crashed operation ended. */
function takeEffect(object: SimulatedObject, operation: SimulatedOperation): void {
  const { phase } = operation;
  object.apply(operation);
  if (phase === 'info') operation.phase = 'info';
}
