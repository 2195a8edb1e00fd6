import { chartFunctions } from '../charts/chart-kit.ts';
import { chartJsForBrowsers } from '../package-files.ts';
import { chartScriptFunctions } from './scripts/charts.ts';
import { counterexampleFunctions } from './scripts/counterexample.ts';
import { messageFunctions } from './scripts/messages-source.ts';
import { operationFunctions } from './scripts/operations-source.ts';
import { drawingFunctions } from './scripts/stage-drawing.ts';
import { keyFunctions } from './scripts/stage-keys.ts';
import { markFunctions } from './scripts/stage-marks.ts';
import { placeFunctions } from './scripts/stage-places.ts';
import { pointerFunctions } from './scripts/stage-pointer.ts';
import { stageFunctions } from './scripts/stage.ts';
import { startFunctions } from './scripts/start.ts';

/** Every function of the page, as text. They share one scope, so no two may have the same name. */
export const pageFunctions: readonly string[] = [
  ...chartFunctions,
  ...chartScriptFunctions,
  ...counterexampleFunctions,
  ...placeFunctions,
  ...markFunctions,
  ...drawingFunctions,
  ...stageFunctions,
  ...keyFunctions,
  ...pointerFunctions,
  ...operationFunctions,
  ...messageFunctions,
  ...startFunctions,
];

/** The one script of a page: chart.js, the functions, and their start on the page's data. */
export function pageScript(): string {
  return `${chartJsForBrowsers()}
(() => {
'use strict';
${pageFunctions.join('\n')}
const data = JSON.parse(document.getElementById('page-data').textContent);
const configOf = (definition, theme) => configFor(definition, theme, chartKit);
const marks = { drawBar, drawArrow, nameArrow, drawNote, drawSelection };
const places = { xAt, middleOf, boxOf, endsOf, fitting };
const stageTools = { drawScene, marks, places, enableStageKeys, enableStagePointer };
startPage(window, { ...data, Chart: window.Chart, configOf }, { startCharts, startCounterexample, startStage, operationsSource, messagesSource, stageTools });
})();`;
}
