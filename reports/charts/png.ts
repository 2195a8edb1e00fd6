import { GlobalFonts } from 'canvas';
import { ChartJSNodeCanvas } from '#chartjs-node-canvas';
import { fontPath } from '../package-files.ts';
import { chartKit, configFor } from './chart-kit.ts';
import type { ChartDefinition } from './definition.ts';
import { type Theme, lightTheme } from './theme.ts';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
  /** Pixels of the file for each pixel of the layout. */
  readonly scale: number;
}

export const pictureSize: PictureSize = { width: 1200, height: 600, scale: 2 };

/**
 * Draws a chart without a browser, sharp enough for print. Rejects nothing: a chart with no data is
 * drawn empty. Throws where the platform has no binary of the canvas, or where the font is missing.
 */
export function renderPng(
  definition: ChartDefinition,
  { width, height, scale }: PictureSize = pictureSize,
  theme: Theme = lightTheme,
): Uint8Array {
  registerFont(theme.font);
  const canvas = new ChartJSNodeCanvas({ width, height });
  const config = configFor(definition, { ...theme, devicePixelRatio: scale }, chartKit);
  // The asynchronous form calls back in a way that this canvas does not know.
  return canvas.renderToBufferSync(config);
}

/** Under a name of its own, so that the picture is the same whatever fonts the system has. */
function registerFont(name: string): void {
  if (GlobalFonts.has(name)) return;
  const path = fontPath();
  if (!GlobalFonts.registerFromPath(path, name)) {
    throw new Error(
      `expected to load the font ${path}, got nothing; install the package again, as charts would lack all text`,
    );
  }
}
