import { parentPort } from 'node:worker_threads';
import type { Order, Report } from '../job.ts';
import { type PreparedRound, prepareRound } from './round.ts';

let round: PreparedRound | null = null;

const say = (report: Report): void => parentPort?.postMessage(report);
const fail = (error: unknown): void =>
  say({ kind: 'failed', message: error instanceof Error ? describe(error) : String(error) });

parentPort?.on('message', (order: Order) => {
  try {
    obey(order);
  } catch (error) {
    fail(error);
  }
});

function obey(order: Order): void {
  switch (order.kind) {
    case 'prepare':
      round = prepareRound(order.job, {
        onProgress: (ok, errors) => say({ kind: 'progress', ok, errors }),
        onError: fail,
      });
      round.prepared.then(() => say({ kind: 'prepared' }), fail);
      return;
    case 'go':
      round?.go(order.fromNs, order.untilNs).then((summary) => {
        round = null;
        say({ kind: 'done', summary });
      }, fail);
      return;
    case 'addresses':
      round?.moveTo(order.nodes);
      return;
    case 'stop':
      round?.stop();
  }
}

function describe(error: Error): string {
  const { message, cause } = error;
  return cause instanceof Error ? `${message} (${cause.message})` : message;
}
