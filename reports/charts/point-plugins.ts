import type { Chart, Plugin } from 'chart.js';
import type { ChartDefinition } from './definition.ts';
import type { Theme } from './theme.ts';

// These functions run in the page too, which gets their text (`chart-kit.ts`): they use nothing from
// outside but their arguments and each other.

/** The interval around each point, as a line with feet. */
export function whiskerPlugin(definition: ChartDefinition, theme: Theme): Plugin<'scatter'> {
  interface Brush {
    strokeStyle: string;
    lineWidth: number;
    save(): void;
    restore(): void;
    beginPath(): void;
    moveTo(x: number, y: number): void;
    lineTo(x: number, y: number): void;
    stroke(): void;
  }
  const foot = theme.fontSize * 0.3;
  return {
    id: 'dtest-whiskers',
    afterDatasetsDraw(chart: Chart) {
      const brush = chart.ctx as unknown as Brush;
      brush.save();
      brush.lineWidth = 1.25;
      definition.series.forEach((series, at) => {
        if (series.low === undefined || !chart.isDatasetVisible(at)) return;
        brush.strokeStyle =
          definition.xAxis === 'names' ? theme.text : theme.marks[series.mark].color;
        chart.getDatasetMeta(at).data.forEach(({ x }, index) => {
          const [low, high] = [series.low?.[index], series.high?.[index]];
          if (typeof low !== 'number' || typeof high !== 'number') return;
          const area = chart.chartArea;
          const top = Math.max(area.top, chart.scales.y?.getPixelForValue(high) ?? 0);
          const bottom = Math.min(area.bottom, chart.scales.y?.getPixelForValue(low) ?? 0);
          brush.beginPath();
          for (const y of [top, bottom]) {
            brush.moveTo(x - foot, y);
            brush.lineTo(x + foot, y);
          }
          brush.moveTo(x, top);
          brush.lineTo(x, bottom);
          brush.stroke();
        });
      });
      brush.restore();
    },
  };
}

/** Says beside each point what it is. */
export function wordPlugin(definition: ChartDefinition, theme: Theme): Plugin<'scatter'> {
  interface Brush {
    fillStyle: string;
    font: string;
    textAlign: string;
    textBaseline: string;
    save(): void;
    restore(): void;
    fillText(text: string, x: number, y: number): void;
  }
  return {
    id: 'dtest-words',
    afterDatasetsDraw(chart: Chart) {
      const brush = chart.ctx as unknown as Brush;
      brush.save();
      brush.font = `${String(theme.fontSize * 0.85)}px ${theme.font.includes(',') ? theme.font : `"${theme.font}"`}`;
      brush.textAlign = 'left';
      brush.textBaseline = 'top';
      brush.fillStyle = theme.faint;
      definition.series.forEach((series, at) => {
        if (series.words === undefined || !chart.isDatasetVisible(at)) return;
        chart.getDatasetMeta(at).data.forEach(({ x, y }, index) => {
          brush.fillText(
            series.words?.[index] ?? '',
            x + theme.fontSize * 0.5,
            y + theme.fontSize * 0.3,
          );
        });
      });
      brush.restore();
    },
  };
}

export const pointFunctions: readonly string[] = [whiskerPlugin, wordPlugin].map(String);
