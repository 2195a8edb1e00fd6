import { type ProtocolIndex, runProgram } from '../program.ts';
import { single } from './single.ts';

/** The host program with the tests' own protocol. */
const protocols = { single: () => single } as unknown as ProtocolIndex;
await runProgram(process.argv[2], protocols);
