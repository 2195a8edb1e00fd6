import type { MarkName } from './definition.ts';

/** How charts look: plain data, so that it can be sent to a page. */
export interface Theme {
  readonly background: string;
  readonly text: string;
  readonly faint: string;
  readonly grid: string;
  readonly gridMajor: string;
  readonly font: string;
  /** Scales text, points and lanes. */
  readonly fontSize: number;
  readonly devicePixelRatio: number | null;
  /** Whether title and subtitle are part of the picture. */
  readonly titled: boolean;
  readonly marks: Readonly<Record<MarkName, Mark>>;
  /** Tints by kind of fault; kinds not named take the `others` in turn. */
  readonly faults: Readonly<Record<string, string>>;
  readonly otherFaults: readonly string[];
}

export interface Mark {
  readonly color: string;
  readonly shape: 'circle' | 'triangle' | 'crossRot' | 'rect' | 'rectRot' | 'star' | 'dash';
  readonly dash: readonly number[];
  readonly width: number;
}

// Okabe & Ito, Color Universal Design (2008), darkened where white paper needs it. Colours repeat
// between charts only where the meaning does; within a chart shape and dashes differ as well.
const blue = '#0072b2';
const orange = '#d97700';
const green = '#009e73';
const vermilion = '#d55e00';
const purple = '#a7488a';
const black = '#1b1b1b';

const lightMarks: Readonly<Record<MarkName, Mark>> = {
  ok: { color: blue, shape: 'circle', dash: [], width: 1.5 },
  fail: { color: orange, shape: 'triangle', dash: [6, 4], width: 1.5 },
  info: { color: black, shape: 'crossRot', dash: [2, 3], width: 1.5 },
  p50: { color: blue, shape: 'circle', dash: [], width: 2.5 },
  p90: { color: green, shape: 'rect', dash: [8, 3], width: 1.75 },
  p99: { color: vermilion, shape: 'triangle', dash: [3, 3], width: 1.75 },
  max: { color: '#6b6b6b', shape: 'crossRot', dash: [1, 3], width: 1.5 },
  kind0: { color: blue, shape: 'circle', dash: [], width: 2 },
  kind1: { color: green, shape: 'rect', dash: [], width: 2 },
  kind2: { color: purple, shape: 'rectRot', dash: [], width: 2 },
  kind3: { color: '#2f9ad0', shape: 'star', dash: [10, 3], width: 2 },
  kind4: { color: '#7a6a00', shape: 'dash', dash: [10, 3, 2, 3], width: 2 },
  leader: { color: blue, shape: 'rect', dash: [], width: 1 },
  candidate: { color: orange, shape: 'triangle', dash: [], width: 1 },
  follower: { color: '#b9c4cf', shape: 'rect', dash: [], width: 1 },
  other: { color: purple, shape: 'rectRot', dash: [], width: 1 },
  silent: { color: '#6b6b6b', shape: 'crossRot', dash: [], width: 1 },
};

function lighter(marks: Readonly<Record<MarkName, Mark>>): Readonly<Record<MarkName, Mark>> {
  const onDark: Readonly<Record<string, string>> = {
    [blue]: '#5ab4ec',
    [orange]: '#f0a73a',
    [green]: '#35c79c',
    [vermilion]: '#ff8a4c',
    [purple]: '#dc8fc3',
    [black]: '#f4f4f4',
    '#6b6b6b': '#a8a8a8',
    '#2f9ad0': '#9ad7ff',
    '#7a6a00': '#e6d85c',
    '#b9c4cf': '#4a5561',
  };
  const entries = Object.entries(marks).map(([name, mark]) => [
    name,
    { ...mark, color: onDark[mark.color] ?? mark.color },
  ]);
  return Object.fromEntries(entries) as Record<MarkName, Mark>;
}

const faults = {
  partition: '#a7488a',
  kill: '#d55e00',
  pause: '#c9a400',
  clock: '#56b4e9',
  disk: '#009e73',
  link: '#0072b2',
};
const otherFaults = ['#8a8a8a', '#56b4e9', '#009e73', '#b07d48'];

export const lightTheme: Theme = {
  background: '#ffffff',
  text: '#1f2328',
  faint: '#59636e',
  grid: '#eef0f2',
  gridMajor: '#d5dae0',
  font: 'dtest Sans',
  fontSize: 13,
  devicePixelRatio: null,
  titled: true,
  marks: lightMarks,
  faults,
  otherFaults,
};

export const darkTheme: Theme = {
  ...lightTheme,
  background: '#12161c',
  text: '#e6e9ed',
  faint: '#9aa4af',
  grid: '#1e252d',
  gridMajor: '#333c46',
  marks: lighter(lightMarks),
};
