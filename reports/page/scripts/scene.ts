import type { FaultBand } from '../../charts/fault-bands.ts';

/** What a stage shows of a stretch of time: plain data, drawn by `stage-drawing.ts` and `stage-marks.ts`. */
export interface Scene {
  readonly lanes: readonly Lane[];
  /** In order of their beginning. */
  readonly items: readonly Item[];
  /** What is seen and what is not, in a sentence. */
  readonly note: string;
}

export interface Lane {
  /** Empty for a lane that goes on with the one above. */
  readonly label: string;
}

/** Something with a place in time that can be pointed at. */
export interface Item {
  /** The same whatever else is in the scene. */
  readonly id: number;
  readonly kind: 'bar' | 'arrow' | 'note';
  readonly lane: number;
  /** Where an arrow leads. */
  readonly toLane: number;
  readonly fromS: number;
  /** Infinity for what never ended. */
  readonly toS: number;
  readonly look: Look;
  readonly text: string;
}

/** `bad` is what a violation blames, `lost` what never arrived, `answer` what answers another message. */
export type Look = 'ok' | 'fail' | 'info' | 'bad' | 'lost' | 'answer' | 'note';

/** Something with more in it than fits on a screen at one time. */
export interface Source {
  readonly startS: number;
  readonly endS: number;
  readonly faults: readonly FaultBand[];
  /** The stretch to begin with. */
  readonly first: readonly [fromS: number, toS: number];
  /** How high lanes are: arrows between them need more room than bars in them. */
  readonly laneScale: number;
  scene(fromS: number, toS: number): Scene;
  /** All about an item, in lines. */
  tell(id: number): string;
}

/** A stretch of time on a screen. */
export interface View {
  readonly fromS: number;
  readonly toS: number;
  /** Where time begins and ends, in pixels. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly laneHeight: number;
  readonly height: number;
  /** Size of text in pixels. */
  readonly size: number;
}
