import { text } from 'node:stream/consumers';
import { compileLate } from '../../cli/compile-late.ts';
import type { Assignment, Measurement } from './assignment.ts';
import { judge } from './judge.ts';
import { judgeStream } from './stream.ts';

/** What `fresh-process.ts` starts: an assignment on standard input, a measurement on standard output. */
async function measure(assignment: Assignment): Promise<Measurement> {
  switch (assignment.kind) {
    case 'judge':
      return await judge(assignment);
    case 'stream':
      return judgeStream(assignment);
  }
}

// As the command line does.
compileLate();
const measurement = await measure(JSON.parse(await text(process.stdin)) as Assignment);
process.stdout.write(JSON.stringify(measurement));
