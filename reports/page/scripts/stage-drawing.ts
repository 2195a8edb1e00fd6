import type { FaultBand } from '../../charts/fault-bands.ts';
import type { Easel } from './easel.ts';
import type { Scene } from './scene.ts';
import type { Marks } from './stage-marks.ts';

// The functions of this file run in the page, which gets their text (`drawingFunctions`): they use
// nothing from outside but their arguments and each other.

/** Draws a scene from scratch: the ground with faults, time and lanes, then what happened in them. */
export function drawScene(
  easel: Easel,
  scene: Scene,
  { faults, marks }: { readonly faults: readonly FaultBand[]; readonly marks: Marks },
): void {
  const { pen, view, palette } = easel;
  const { left, right, height, size } = view;
  pen.textBaseline = 'middle';
  pen.fillStyle = palette.color('--paper');
  pen.fillRect(0, 0, right, height);
  pen.save();
  pen.beginPath();
  pen.rect(left, 0, right - left, height);
  pen.clip();
  for (const band of faults) drawFault(easel, band);
  drawTicks(easel);
  pen.restore();
  drawLanes(easel, scene);
  pen.save();
  pen.beginPath();
  pen.rect(left, view.top, right - left, height);
  pen.clip();
  pen.font = `${String(size * 0.85)}px ${palette.font}`;
  const isCrowded = scene.items.length > 4000;
  const selected = scene.items.find((item) => item.id === palette.selected);
  for (const item of scene.items) if (item.kind === 'bar') marks.drawBar(easel, item, isCrowded);
  for (const item of scene.items) if (item.kind === 'arrow') marks.drawArrow(easel, item);
  const arrows = scene.items.filter(({ kind }) => kind === 'arrow');
  if (arrows.length * size * 1.6 <= right - left)
    for (const item of arrows) marks.nameArrow(easel, item);
  for (const item of scene.items) if (item.kind === 'note') marks.drawNote(easel, item);
  if (selected !== undefined) marks.drawSelection(easel, selected);
  pen.restore();
}

/** Shades a fault and names it, with a line where it turns. */
function drawFault({ pen, view, palette, places }: Easel, band: FaultBand): void {
  const { fromS, toS, left, right, top, height, size } = view;
  if (band.endS < fromS || band.beginS > toS) return;
  const from = Math.max(left, places.xAt(band.beginS, view));
  const to = Math.min(right, places.xAt(band.endS, view));
  pen.globalAlpha = 0.13;
  pen.fillStyle = palette.color('--unsure');
  pen.fillRect(from, top - size * 1.5, to - from, height);
  pen.globalAlpha = 1;
  pen.strokeStyle = palette.color('--unsure');
  pen.lineWidth = 1;
  pen.setLineDash([4, 4]);
  for (const timeS of [band.beginS, band.healS]) {
    const x = places.xAt(timeS, view);
    pen.beginPath();
    pen.moveTo(x, top - size * 1.5);
    pen.lineTo(x, height);
    pen.stroke();
  }
  pen.setLineDash([]);
  pen.font = `${String(size * 0.8)}px ${palette.font}`;
  pen.fillStyle = palette.color('--ink');
  pen.textAlign = 'left';
  const name = band.labels.find((label) => pen.measureText(label).width < to - from - 8);
  if (name !== undefined) pen.fillText(name, from + 4, top - size * 0.75);
}

/** Steps of time that can be read off, as many as there is room for. */
function drawTicks({ pen, view, palette, places }: Easel): void {
  const { fromS, toS, left, right, top, height, size } = view;
  const roughS = ((toS - fromS) / (right - left)) * size * 8;
  const power = 10 ** Math.floor(Math.log10(roughS));
  const stepS = power * ([1, 2, 5, 10].find((each) => each * power >= roughS) ?? 10);
  const decimals = Math.max(0, Math.min(6, Math.ceil(-Math.log10(stepS) - 1e-9)));
  pen.font = `${String(size * 0.8)}px ${palette.font}`;
  pen.textAlign = 'center';
  pen.lineWidth = 1;
  for (let at = Math.ceil(fromS / stepS); at * stepS <= toS; at++) {
    const x = Math.round(places.xAt(at * stepS, view)) + 0.5;
    pen.strokeStyle = palette.color('--line');
    pen.beginPath();
    pen.moveTo(x, top - size * 1.5);
    pen.lineTo(x, height);
    pen.stroke();
    pen.fillStyle = palette.color('--faint');
    const text = `${(at * stepS).toFixed(decimals)} s`;
    const half = pen.measureText(text).width / 2;
    pen.fillText(text, Math.min(right - half - 2, Math.max(left + half + 2, x)), size * 0.8);
  }
}

function drawLanes({ pen, view, palette, places }: Easel, { lanes }: Scene): void {
  const { left, right, laneHeight, size } = view;
  pen.font = `${String(size * 0.85)}px ${palette.font}`;
  pen.textAlign = 'right';
  pen.lineWidth = 1;
  lanes.forEach(({ label }, lane) => {
    const y = Math.round(places.middleOf(lane, view)) + 0.5;
    pen.strokeStyle = palette.color('--line');
    pen.beginPath();
    pen.moveTo(left, y);
    pen.lineTo(right, y);
    pen.stroke();
    if (label === '') return;
    if (lane > 0) {
      pen.beginPath();
      pen.moveTo(0, y - laneHeight / 2);
      pen.lineTo(left, y - laneHeight / 2);
      pen.stroke();
    }
    pen.fillStyle = palette.color('--faint');
    pen.fillText(places.fitting(pen, label, left - 10), left - 6, y);
  });
}

export const drawingFunctions: readonly string[] = [
  ...[drawScene, drawFault, drawTicks, drawLanes],
].map(String);
