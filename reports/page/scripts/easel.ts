import type { Pen } from './dom.ts';
import type { View } from './scene.ts';
import type { Places } from './stage-places.ts';

/** Colours of the page by their variables' names, and what is pointed at. */
export interface Palette {
  readonly color: (name: string) => string;
  readonly font: string;
  readonly selected: number | null;
}

/** All it takes to draw something of a scene. */
export interface Easel {
  readonly pen: Pen;
  readonly view: View;
  readonly palette: Palette;
  readonly places: Places;
}
