import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { playScenario } from '../testing/scenario.ts';
import { raftDialect } from './dialect.ts';

const folder = join(import.meta.dirname, 'scenarios');

describe('a scenario plays as written (UPDATE_SCENARIOS=1 rewrites it)', () => {
  it.each(readdirSync(folder))('%s', (name) => {
    const path = join(folder, name);
    const written = readFileSync(path, 'utf8');
    const played = playScenario(written, raftDialect);
    if (process.env.UPDATE_SCENARIOS === '1') writeFileSync(path, played);
    else expect(played).toBe(written);
  });
});
