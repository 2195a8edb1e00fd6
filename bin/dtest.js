#!/usr/bin/env node
import { existsSync } from 'node:fs';

// A checkout runs its TypeScript as it is; the published package holds only what was built from it.
const inCheckout = existsSync(new URL('../cli/main.ts', import.meta.url));
const { main } = await import(inCheckout ? '../cli/main.ts' : '../dist/cli/main.js');
await main(process.argv.slice(2));
