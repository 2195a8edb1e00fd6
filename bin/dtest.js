#!/usr/bin/env node
import { existsSync } from 'node:fs';

// An older one would end with a stack trace and 1, which says that the system broke its promise.
if (Number.parseInt(process.versions.node, 10) < 24) {
  const got = `expected Node.js 24 or newer, got ${process.versions.node}`;
  process.stderr.write(`dtest: ${got}; in a checkout, npm ci brings one that npx dtest uses\n`);
  process.exit(255);
}

// A checkout runs its TypeScript as it is; the published package holds only what was built from it.
const inCheckout = existsSync(new URL('../cli/main.ts', import.meta.url));
const { main } = await import(inCheckout ? '../cli/main.ts' : '../dist/cli/main.js');
await main(process.argv.slice(2));
