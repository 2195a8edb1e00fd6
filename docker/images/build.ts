import { buildImages } from '../index.ts';

// Builds dtest's own images: for CI, before the container tests.
const { helper, system } = await buildImages({ kind: 'bundled' }, (message) => {
  process.stdout.write(`${message}\n`);
});
process.stdout.write(`${helper.reference} and ${system.reference} are ready\n`);
