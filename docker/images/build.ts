import { connectEngine } from '../engine.ts';
import { ensureImages } from './index.ts';

// Builds dtest's own images: for CI, before the container tests.
const { docker } = await connectEngine();
const { helper, system } = await ensureImages(docker, { kind: 'bundled' }, (message) => {
  process.stdout.write(`${message}\n`);
});
process.stdout.write(`${helper.reference} and ${system.reference} are ready\n`);
