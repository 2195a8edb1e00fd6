import type { Chart, Plugin } from 'chart.js';
import type { Brush } from './brush.ts';
import type { ChartDefinition } from './definition.ts';
import type { FaultBand } from './fault-bands.ts';
import type { Theme } from './theme.ts';

/** Shades faults over the plot and names them in lanes above it. */
export function faultPlugin(
  definition: ChartDefinition,
  theme: Theme,
  tintOf: (kind: string, definition: ChartDefinition, theme: Theme) => string,
): Plugin<'scatter'> {
  const shade = (chart: Chart, band: FaultBand): void => {
    const brush = chart.ctx as unknown as Brush;
    const { top, bottom } = chart.chartArea;
    const tint = tintOf(band.kind, definition, theme);
    const fill = (fromS: number, toS: number, alpha: string): void => {
      const from = pixelsAt(chart, fromS);
      brush.fillStyle = `${tint}${alpha}`;
      brush.fillRect(from, top, pixelsAt(chart, toS) - from, bottom - top);
    };
    fill(band.beginS, band.activeS ?? band.endS, '14');
    if (band.activeS === null) return;
    fill(band.activeS, band.healS, '30');
    fill(band.healS, band.endS, '14');
  };
  const name = (chart: Chart, band: FaultBand): void => {
    const brush = chart.ctx as unknown as Brush;
    const from = pixelsAt(chart, band.beginS);
    const width = pixelsAt(chart, band.endS) - from;
    if (width < 1) return;
    const height = theme.fontSize * 1.4;
    const y = chart.chartArea.top - (band.lane + 1) * theme.fontSize * 1.6;
    const tint = tintOf(band.kind, definition, theme);
    brush.fillStyle = `${tint}${band.failed ? '10' : '48'}`;
    brush.fillRect(from, y, width, height);
    brush.strokeStyle = tint;
    brush.lineWidth = 1;
    brush.strokeRect(from + 0.5, y + 0.5, Math.max(0, width - 1), height - 1);
    brush.font = `${String(theme.fontSize * 0.85)}px ${theme.font.includes(',') ? theme.font : `"${theme.font}"`}`;
    brush.textBaseline = 'middle';
    brush.fillStyle = theme.text;
    const label = band.labels.find((each) => brush.measureText(each).width <= width - 6);
    if (label !== undefined) brush.fillText(label, from + 4, y + height / 2 + 0.5);
  };
  return {
    id: 'dtest-faults',
    beforeDraw(chart) {
      const brush = chart.ctx as unknown as Brush;
      brush.save();
      brush.fillStyle = theme.background;
      brush.fillRect(0, 0, chart.width, chart.height);
      for (const band of definition.faults) shade(chart, band);
      brush.restore();
    },
    afterDatasetsDraw(chart) {
      const brush = chart.ctx as unknown as Brush;
      brush.save();
      for (const band of definition.faults) name(chart, band);
      brush.restore();
    },
  };
}

/** Where a moment stands, or the edge of the plot that is nearest to it. */
function pixelsAt(chart: Chart, seconds: number): number {
  const { left, right } = chart.chartArea;
  const at = chart.scales.x?.getPixelForValue(seconds) ?? 0;
  return Math.min(right, Math.max(left, at));
}

export const faultFunctions: readonly string[] = [faultPlugin, pixelsAt].map(String);
