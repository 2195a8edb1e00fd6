import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { playScenario } from '../testing/scenario.ts';
import { dialectOf } from './dialect.ts';
import { paxosBugs } from './bugs/index.ts';
import { paxos } from './paxos.ts';
import { witnessed } from './witness.ts';

const folder = join(import.meta.dirname, 'scenarios');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

describe('scenarios (UPDATE_SCENARIOS=1 rewrites them)', () => {
  it.each(readdirSync(folder))('%s plays as written', (name) => {
    const written = read(name);
    const played = playScenario(written, dialectOf(witnessed(paxos)));
    if (process.env.UPDATE_SCENARIOS === '1') writeFileSync(join(folder, name), played);
    else expect(played).toBe(written);
  });
});

/** Bugs too rare for chance: the script that the correct protocol survives convicts the bug. */
describe.each([
  ['paxos-promise-not-durable', 'attack-power-after-promise.txt', 'one chosen value'],
  ['paxos-ballot-reuse', 'attack-restart-in-ballot.txt', 'one value a ballot'],
  ['paxos-accept-keeps-promise', 'attack-late-accept.txt', 'one chosen value'],
  ['paxos-accept-ignores-promise', 'attack-late-accept.txt', 'one chosen value'],
  ['paxos-one-ballot-var', 'attack-dead-candidate.txt', 'one chosen value'],
  ['paxos-stale-promise', 'attack-held-promise.txt', 'one chosen value'],
  ['paxos-old-quorum', 'attack-former-members.txt', 'one chosen value'],
  ['paxos-enter-unprepared', 'attack-new-members.txt', 'one chosen value'],
] as const)('%s', (id, script, violated) => {
  const bug = paxosBugs.find((each) => each.name === id);

  it(`is convicted by ${script}`, () => {
    const played = playScenario(read(script), dialectOf(witnessed(bug!.plant(paxos))));
    expect(played).toContain(`error: ${violated}`);
  });

  it('is what the script convicts, and not the correct protocol', () => {
    expect(read(script)).not.toContain('error:');
  });
});
