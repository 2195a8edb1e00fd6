import { runProgram } from './program.ts';
import { protocols } from '../protocols/index.ts';

/** The bundled host: `node host/main.ts '<HostConfig as JSON>'`. */
await runProgram(process.argv[2], protocols);
