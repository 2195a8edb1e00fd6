#!/usr/bin/env node
import { existsSync } from 'node:fs';
import * as module from 'node:module';
import { fileURLToPath } from 'node:url';

// An older one would end with a stack trace and 1, which says that the system broke its promise.
if (Number.parseInt(process.versions.node, 10) < 24) {
  const got = `expected Node.js 24 or newer, got ${process.versions.node}`;
  process.stderr.write(`dtest: ${got}; in a checkout, npm ci brings one that npx dtest uses\n`);
  process.exit(255);
}

// A checkout runs its TypeScript as it is; the published package holds only what was built from it.
const inCheckout = existsSync(new URL('../cli/main.ts', import.meta.url));

// Most of a short command is the reading of modules, so what Node.js makes of them is kept, beside the
// modules; where that cannot be written it goes without. Nodes and threads find it by the environment.
const cache = new URL(
  inCheckout ? '../node_modules/.cache/dtest' : '../../.cache/dtest',
  import.meta.url,
);
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(cache);
module.enableCompileCache(process.env.NODE_COMPILE_CACHE);

const { main } = await import(inCheckout ? '../cli/main.ts' : '../dist/cli/main.js');
await main(process.argv.slice(2));
