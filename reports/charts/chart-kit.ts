import type { ChartConfiguration } from 'chart.js';
import { barFunctions, barsConfig } from './bar-config.ts';
import { pointFunctions, whiskerPlugin, wordPlugin } from './point-plugins.ts';
import { chartConfig, configFunctions, tintOf } from './chart-config.ts';
import type { ChartDefinition } from './definition.ts';
import { faultFunctions, faultPlugin } from './fault-plugin.ts';
import { spanFunctions, spansConfig } from './span-config.ts';
import type { Theme } from './theme.ts';

/** What it takes to draw any definition; handed over, because the page has these by their text alone. */
export interface ChartKit {
  readonly chartConfig: typeof chartConfig;
  readonly tintOf: typeof tintOf;
  readonly faultPlugin: typeof faultPlugin;
  readonly whiskerPlugin: typeof whiskerPlugin;
  readonly wordPlugin: typeof wordPlugin;
  readonly spansConfig: typeof spansConfig;
  readonly barsConfig: typeof barsConfig;
}

export const chartKit: ChartKit = {
  ...{ chartConfig, tintOf, faultPlugin, whiskerPlugin, wordPlugin, spansConfig, barsConfig },
};

/** A chart.js configuration for a definition in a theme. */
export function configFor(
  definition: ChartDefinition,
  theme: Theme,
  kit: ChartKit,
): ChartConfiguration<'scatter'> {
  const base = {
    ...kit.chartConfig(definition, theme),
    plugins: [
      kit.faultPlugin(definition, theme, kit.tintOf),
      ...(definition.series.some((each) => each.low !== undefined)
        ? [kit.whiskerPlugin(definition, theme)]
        : []),
      ...(definition.series.some((each) => each.words !== undefined)
        ? [kit.wordPlugin(definition, theme)]
        : []),
    ],
  };
  const drawn = definition.series[0]?.drawn;
  if (drawn === 'spans') return kit.spansConfig(definition, theme, base);
  return drawn === 'bars' ? kit.barsConfig(definition, theme, base) : base;
}

/** The text of all this, for a page that has nothing else. */
export const chartFunctions: readonly string[] = [
  ...configFunctions,
  ...spanFunctions,
  ...barFunctions,
  ...pointFunctions,
  ...faultFunctions,
  String(configFor),
  `const chartKit = { ${Object.keys(chartKit).join(', ')} };`,
];
