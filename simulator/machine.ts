import {
  type Clocked,
  type Disked,
  type Node,
  type Pausable,
  type PowerMoment,
  type Powered,
  healthyDisk,
} from '../core/cluster.ts';
import type { NodeId } from '../core/node-id.ts';
import type { Rng } from '../core/rng.ts';
import type { Inspectable, NodeStatus } from '../core/system.ts';
import type { Dialable } from '../wire/resp-line.ts';
import { drive } from './drive.ts';
import { clientLines } from './client-lines.ts';
import { type Life, type MachineOptions, whileUp } from './life.ts';
import { localClock } from './local-clock.ts';
import { drawnMs, mountedDisk } from './mounted-disk.ts';
import type { Parcel } from './parcels.ts';
import { startProcess } from './process.ts';
import { statusOf } from './status.ts';

/** A machine of the cluster: a drive, a clock, and now and then a process. */
export interface Machine extends Node, Pausable, Powered, Clocked, Disked, Dialable, Inspectable {
  receive(from: NodeId, parcel: Parcel): void;
  /** Of its protocol; undefined while it does not run. */
  readonly state: unknown;
}

/** Between the start of the program and its first look at the disk. */
const bootMs = [5, 50] as const;

/** After this long without an answer a node counts as silent; as for real nodes. */
const inspectMs = 500;

export function machine(options: MachineOptions): Machine {
  const { id, simulation, conditions, rng } = options;
  const { drift } = conditions.clocks;
  const offsetMs = 1000 * rng.int(1, 1_000_000);
  const failures = rng.split('failing power');
  const life: Life = {
    ...{ options, drive: drive(), health: { trouble: healthyDisk }, log: [], process: null },
    ...{ life: 0, isUp: false, isPaused: false, failing: null, held: [] },
    clock: localClock(simulation, offsetMs, 1 + drift * (2 * rng.float() - 1)),
    onEnd: [],
    silent: new Error(`no answer from ${id}`),
    refused: new Error(`no connection to ${id}: connection refused`),
    sent: () => mayFail(life, 'sending', failures),
    synced: () => mayFail(life, 'syncing', failures),
  };
  const lines = clientLines(life);
  return {
    id,
    addresses: {},
    get state() {
      return life.process?.state;
    },
    start: () => settledBy(() => start(life)),
    kill: () => settledBy(() => end(life, 'killed')),
    isRunning: () => Promise.resolve(life.isUp),
    logs: () => Promise.resolve(life.log.map((line) => `${line}\n`).join('')),
    pause: () => settledBy(() => void (life.isPaused = life.isUp)),
    resume: () => settledBy(() => resume(life)),
    losePower: () => settledBy(() => losePower(life)),
    failAfter: (moment, share) => settledBy(() => void (life.failing = { moment, share })),
    neverFail: () => settledBy(() => void (life.failing = null)),
    jumpClock: (forwardMs) => settledBy(() => life.clock.jump(forwardMs)),
    setClockRate: (rate) => settledBy(() => life.clock.setRate(rate)),
    troubleDisk: (trouble) => settledBy(() => void (life.health.trouble = trouble)),
    flipBit: () => Promise.resolve(life.drive.flipBit(rng.split(`flip ${life.life}`))),
    wipeDisk: () => settledBy(() => life.drive.wipe()),
    receive: (from, parcel) => receive(life, from, parcel),
    dial: lines.dial,
    inspect: () => inspect(life),
  };
}

function settledBy(act: () => void): Promise<void> {
  act();
  return Promise.resolve();
}

function start(life: Life): void {
  if (life.isUp) return;
  life.isUp = true;
  life.life++;
  note(life, 'info', 'started');
  const { simulation, rng } = life.options;
  const bootNs = 1e6 * drawnMs(bootMs, rng.split(`boot ${life.life}`));
  simulation.after(
    bootNs,
    whileUp(life, () => void boot(life)),
  );
}

async function boot(life: Life): Promise<void> {
  const { id, nodes, protocol, settings, conditions, rng, simulation } = life.options;
  const { codec, send, onTurn } = life.options;
  const begun = life.life;
  const isOver = (): boolean => begun !== life.life || !life.isUp;
  const own = rng.split(`life ${begun}`);
  const guarded = guard(life, begun);
  const disk = mountedDisk({
    ...{ drive: life.drive, health: life.health, conditions: conditions.disk },
    rng: own.split('disk'),
    onAppend: (bytes) => simulation.trace?.note(id, 'writes', bytes),
    isOver,
    after: (delayMs, act) => simulation.after(delayMs * 1e6, whileUp(life, act, begun)),
    onSync: () => life.synced(),
  });
  try {
    const process = await startProcess({
      ...{ self: id, nodes, protocol, settings, disk, seed: own.int(0, 2 ** 31) },
      segmentBytes: conditions.disk.segmentBytes,
      schedule: {
        soon: (act) => simulation.soon(guarded(act)),
        after: (delayMs, act) =>
          simulation.quietly.timer(life.clock.trueNs(delayMs), whileUp(life, act, begun)),
      },
      // The log goes on by promises from here.
      onWrite: () => simulation.stir(),
      nowMs: () => life.clock.nowMs(),
      codec,
      send(to, parcel) {
        send(to, parcel);
        life.sent();
      },
      log: (level, message) => note(life, level, message),
      onEnd: (reason) => {
        if (!isOver()) end(life, reason);
      },
      onTurn: ({ state }) => onTurn(id, state),
    });
    if (!isOver()) life.process = process;
  } catch (error) {
    if (!isOver()) end(life, error instanceof Error ? error.message : String(error));
  }
}

/** As `whileUp`, once for an act that is asked for again and again, as the loop's next turn is. */
function guard(life: Life, begun: number): (act: () => void) => () => void {
  let last: () => void = () => undefined;
  let guarded = last;
  return (act) => {
    if (act === last) return guarded;
    last = act;
    guarded = whileUp(life, act, begun);
    return guarded;
  };
}

function end(life: Life, reason: string): void {
  if (!life.isUp) return;
  note(life, reason === 'killed' ? 'info' : 'error', reason);
  life.process?.loop.stop();
  life.process = null;
  life.isUp = false;
  life.isPaused = false;
  life.held = [];
  life.life++;
  for (const hear of life.onEnd) hear();
}

function losePower(life: Life): void {
  end(life, 'lost power');
  life.drive.losePower(life.options.rng.split(`power ${life.life}`));
}

/** Strikes when the turn that sent is over, or before the one in which it is heard that all is synced. */
function mayFail(life: Life, moment: PowerMoment, rng: Rng): void {
  const { process, failing, options } = life;
  if (failing?.moment !== moment) return;
  const isHarmless = moment === 'sending' && (process?.wal.waitingBytes() ?? 0) === 0;
  if (isHarmless || rng.float() >= failing.share) return;
  const fail = (): void => {
    losePower(life);
    start(life);
  };
  options.simulation.soon(whileUp(life, fail));
}

function resume(life: Life): void {
  life.isPaused = false;
  for (const act of life.held.splice(0)) life.options.simulation.soon(act);
}

/** As `whileUp` has it, without a closure for each message. */
function receive(life: Life, from: NodeId, parcel: Parcel): void {
  if (life.isPaused) life.held.push(whileUp(life, () => hear(life, from, parcel)));
  else if (life.isUp) hear(life, from, parcel);
}

function hear(life: Life, from: NodeId, parcel: Parcel): void {
  if (life.process?.loop.message(from, parcel) === false) {
    throw new Error(`expected ${life.options.id} to understand what ${from} sent`);
  }
}

function inspect({ options, isPaused, process, silent }: Life): Promise<NodeStatus> {
  const { id, simulation } = options;
  if (process !== null && !isPaused) return Promise.resolve(statusOf(id, process));
  const silence = isPaused ? simulation.clock.sleep(inspectMs) : Promise.resolve();
  return silence.then(() => Promise.reject(silent));
}

const mostLines = 10_000;

function note({ log, options }: Life, level: string, message: string): void {
  options.simulation.trace?.note(options.id, 'logs', message);
  const seconds = (options.simulation.nowNs() / 1e9).toFixed(6);
  if (log.length < mostLines) log.push(`${seconds} ${level} ${message}`);
}
