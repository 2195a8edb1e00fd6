import { describe, expect, it } from 'vitest';
import { hostileValues } from '../testing/hostile.ts';
import { sampleCampaign } from '../testing/sample-campaign.ts';
import { tagsOf, unescaped } from '../testing/tags.ts';
import type { CampaignSummary } from './campaign-summary.ts';
import { campaignJunit } from './junit.ts';
import { campaignMarkdown } from './markdown.ts';
import { campaignPage } from './page.ts';
import { campaignText } from './text.ts';

const quiet: CampaignSummary = {
  ...sampleCampaign,
  ...{ valid: 'valid', reason: 'no failure', failures: [], unknowns: [], problems: [], faults: [] },
};

describe('the page of a campaign', () => {
  it('says verdict, kinds of failures, their commands and where they were saved', async () => {
    const page = unescaped(await campaignPage(sampleCampaign));
    for (const words of [
      ...['✗ Invalid', '13 of 100 runs failed', 'stale read', 'crashed: it threw', '12 runs'],
      ...['dtest run register --seed 3', 'store/register-raft/x', 'at step (raft.ts:1:2)'],
      ...['reads local', 'no cas ever succeeded', '1,000 – 1,999', '88.9 %', 'came out otherwise'],
    ]) {
      expect(page, words).toContain(words);
    }
  });

  it('leaves out what there is nothing of', async () => {
    const page = await campaignPage(quiet);
    expect(page).not.toMatch(/id="(?:failures|unknowns|problems)"/u);
    expect(page).toContain('No faults were injected.');
  });

  it('runs no script, fetches nothing, and allows only its own style', async () => {
    const page = await campaignPage(sampleCampaign);
    expect(page).not.toMatch(/<script|src=|url\(|@import/u);
    expect(page).toMatch(/content="default-src 'none'; style-src 'sha256-[\w+/=]+'/u);
  });

  it.each(hostileValues)('shows %j as text', async (value) => {
    const [group] = sampleCampaign.failures;
    const [example] = group?.examples ?? [];
    const examples = [{ ...example!, reason: value, command: value, path: value, stack: value }];
    const hostile: CampaignSummary = {
      ...sampleCampaign,
      ...{ reason: value, seeds: value, command: value, path: value, problems: [value] },
      combinations: sampleCampaign.combinations.map((each) => ({ ...each, settings: value })),
      failures: [{ ...group!, kind: value, examples }],
    };
    const tags = (page: string): string[] => (page.match(/<[a-z]+/gu) ?? []).sort();
    const plain = JSON.parse(
      JSON.stringify(hostile, (_, each: unknown) => (each === value ? 'plain' : each)),
    ) as CampaignSummary;
    expect(tags(await campaignPage(hostile))).toEqual(tags(await campaignPage(plain)));
    expect(tagsOf(campaignJunit(hostile)).map(({ name }) => name)).toEqual(
      tagsOf(campaignJunit(plain)).map(({ name }) => name),
    );
  });
});

describe('the other reports of a campaign', () => {
  it('fails the combinations that failed, for build servers', () => {
    const xml = campaignJunit(sampleCampaign);
    const names = tagsOf(xml).map(({ name }) => name);
    expect(names.filter((name) => name === 'testcase')).toHaveLength(2);
    expect(names.filter((name) => name === 'failure')).toHaveLength(1);
    expect(unescaped(xml)).toContain('dtest run register --seed 3');
  });

  it('begin with the verdict and give commands', () => {
    for (const text of [campaignText(sampleCampaign), campaignMarkdown(sampleCampaign)]) {
      expect(text.slice(0, 40).toLowerCase()).toContain('invalid');
      expect(text).toContain('dtest run register --seed 3');
    }
    expect(campaignText(sampleCampaign).split('\n').at(-1)).toBe(
      'again   dtest campaign --reads index,local',
    );
  });

  it('tell how to go on with a campaign that ended early', () => {
    const cut = { ...sampleCampaign, endedEarly: 'ended early by the user', done: 40 };
    expect(campaignText(cut)).toContain('dtest campaign --resume store/campaign/x');
    expect(campaignText(sampleCampaign)).not.toContain('--resume');
  });
});
