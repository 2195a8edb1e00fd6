import { execa } from 'execa';
import { acceptance } from './testing/acceptance.ts';

/** Processes whose arguments or folder name the run's folder. */
acceptance('local', async (path) => {
  const { stdout: real } = await execa('realpath', [path]);
  const { stdout } = await execa('ps', ['-eo', 'pid,args']);
  return stdout.split('\n').filter((line) => line.includes(`${real}/work`));
});
