import { decodeForeign, encodePayload } from '../wire/frame-payload.ts';
import type { Codec } from './loop.ts';

/** Messages as bytes, for sockets: what comes in may be anybody's. */
export const byteCodec: Codec<Uint8Array> = {
  encode: encodePayload,
  decode(payload) {
    try {
      return decodeForeign(payload);
    } catch {
      return undefined;
    }
  },
};
