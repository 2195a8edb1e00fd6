import type { NodeId } from '../../core/node-id.ts';
import { decodeForeign, encodePayload } from '../../wire/frame-payload.ts';
import { frameHeaderBytes, frameOf } from '../../wire/frame.ts';

/** The first byte of a frame says what it is. */
export const frameKinds = {
  hello: 1,
  welcome: 2,
  refusal: 3,
  ping: 4,
  pong: 5,
  message: 6,
} as const;

const magic = 'dtest-peer';
const version = 1;

/** Larger frames are not read before the handshake. */
export const maxHandshakeBytes = 8 << 10;
export const maxFrameBytes = 16 << 20;

/** Who dials whom. `cluster` keeps members of different clusters apart. */
export interface Hello {
  readonly cluster: string;
  readonly from: NodeId;
  readonly to: NodeId;
}

export const welcomeFrame = frameOf(Uint8Array.of(frameKinds.welcome));
export const pingFrame = frameOf(Uint8Array.of(frameKinds.ping));
export const pongFrame = frameOf(Uint8Array.of(frameKinds.pong));

export function helloFrame(hello: Hello): Uint8Array {
  return frameOf(
    Uint8Array.of(frameKinds.hello),
    encodePayload({ magic, version, cluster: hello.cluster, from: hello.from, to: hello.to }),
  );
}

export function refusalFrame(reason: string): Uint8Array {
  return frameOf(Uint8Array.of(frameKinds.refusal), encodePayload(reason));
}

/** The frames of several messages, one after the other, copied once. */
export function messageFrames(payloads: readonly Uint8Array[]): Uint8Array {
  const overhead = frameHeaderBytes + 1;
  const size = payloads.reduce((sum, payload) => sum + overhead + payload.length, 0);
  const frames = Buffer.allocUnsafe(size);
  let at = 0;
  for (const payload of payloads) {
    frames.writeUInt32BE(payload.length + 1, at);
    frames[at + frameHeaderBytes] = frameKinds.message;
    frames.set(payload, at + overhead);
    at += overhead + payload.length;
  }
  return frames;
}

export function refusalReason(frame: Uint8Array): string {
  const reason = decodeForeign(frame.subarray(1));
  return typeof reason === 'string' ? reason.slice(0, 500) : 'no reason given';
}

/** Who is there, or why it is not let in. */
export type Greeting =
  | { readonly kind: 'known'; readonly from: NodeId }
  | { readonly kind: 'stranger'; readonly reason: string };

export function greet(
  frame: Uint8Array,
  self: NodeId,
  nodes: readonly NodeId[],
  cluster: string,
): Greeting {
  const stranger = (reason: string): Greeting => ({ kind: 'stranger', reason });
  if (frame[0] !== frameKinds.hello) return stranger('expected a hello first');
  const hello = helloOf(frame);
  if (hello?.magic !== magic) return stranger(`expected a hello of ${magic}`);
  const { version: theirs, from, to } = hello;
  if (theirs !== version) {
    return stranger(`expected version ${version}, got ${String(theirs).slice(0, 20)}`);
  }
  if (hello.cluster !== cluster) return stranger('expected a member of the same cluster');
  if (to !== self) return stranger(`expected a caller for ${self}, got one for another node`);
  if (typeof from !== 'string' || from === self || !nodes.includes(from)) {
    return stranger(`expected one of the nodes ${nodes.join(', ')} other than ${self}`);
  }
  return { kind: 'known', from };
}

interface Claim {
  readonly magic?: unknown;
  readonly version?: unknown;
  readonly cluster?: unknown;
  readonly from?: unknown;
  readonly to?: unknown;
}

function helloOf(frame: Uint8Array): Claim | null {
  try {
    const value = decodeForeign(frame.subarray(1));
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}
