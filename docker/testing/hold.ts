import { docker } from '../index.ts';
import { chatterOptions } from './chatter.ts';

// Starts a cluster and holds it until it is killed: what a crashed run looks like from outside.
const [runId = '', owner = ''] = process.argv.slice(2);
await docker.start(chatterOptions(runId, owner));
process.stdout.write('up\n');
setInterval(() => undefined, 60_000);
