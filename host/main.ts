import { runProgram } from './program.ts';
import { stores } from '../protocols/index.ts';

/** The bundled host: `node host/main.ts '<HostConfig as JSON>'`. */
await runProgram(process.argv[2], stores);
