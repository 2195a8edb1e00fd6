/** What a history may carry: plain data, safe to write as one JSON line and to read back unchanged. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** An object of plain data. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}
