import Bench from './commands/bench.ts';
import Campaign from './commands/campaign.ts';
import Check from './commands/check.ts';
import Clean from './commands/clean.ts';
import Compare from './commands/compare.ts';
import Doctor from './commands/doctor.ts';
import List from './commands/list.ts';
import Replay from './commands/replay.ts';
import Report from './commands/report.ts';
import Run from './commands/run.ts';
import Serve from './commands/serve.ts';
import Shrink from './commands/shrink.ts';

/**
 * Every command, by name. They are loaded together, so each imports what is heavy only when it runs:
 * `dtest --version` must not wait for a chart library.
 */
export const commands = {
  bench: Bench,
  campaign: Campaign,
  check: Check,
  clean: Clean,
  compare: Compare,
  doctor: Doctor,
  list: List,
  replay: Replay,
  report: Report,
  run: Run,
  serve: Serve,
  shrink: Shrink,
};
