import { basename, dirname } from 'node:path';
import { execa } from 'execa';
import { acceptance } from './testing/acceptance.ts';

/** Containers, networks and volumes with the run's label. */
acceptance('docker', async (path) => {
  const { stdout: real } = await execa('realpath', [path]);
  const run = `${basename(dirname(real))}-${basename(real)}`.toLowerCase().replaceAll('.', '-');
  const label = ['--quiet', '--filter', `label=dtest.run=${run}`];
  const lists = [
    ['ps', '--all'],
    ['network', 'ls'],
    ['volume', 'ls'],
  ];
  const found = await Promise.all(lists.map((words) => execa('docker', [...words, ...label])));
  return found.flatMap(({ stdout }) => stdout.split('\n').filter((line) => line !== ''));
});
