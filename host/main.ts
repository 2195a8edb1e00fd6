import { runProgram } from './program.ts';
import { protocols } from './protocols.ts';

/** A node: `node host/main.ts '<HostConfig>'`, see `core/host-config.ts`. */
await runProgram(process.argv[2], protocols);
