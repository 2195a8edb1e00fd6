/**
 * `/assets/page.js`, all of it: a run's page follows the run. Without it, or without scripts, every page
 * works; a run under way is then as it was when the page was opened.
 */
export const pageScript = `'use strict';
(() => {
  const live = document.querySelector('[data-live]');
  if (live === null) return;
  const show = (name, text) => {
    const place = live.querySelector('[data-show="' + name + '"]');
    if (place !== null && place.textContent !== text) place.textContent = text;
  };
  const number = (value) => Math.round(value).toLocaleString('en-US');
  const signs = { valid: '✓', invalid: '✗', unknown: '?' };
  const source = new EventSource(live.dataset.live);
  const cellOf = (name, text, kind) => {
    const cell = document.createElement(name);
    cell.textContent = text;
    cell.className = kind;
    return cell;
  };
  const showFigures = ({ columns, rows }) => {
    const table = document.querySelector('[data-figures]');
    if (table === null || columns.length === 0) return;
    const line = (cells) => { const row = document.createElement('tr'); row.append(...cells); return row; };
    table.tHead.replaceChildren(line([cellOf('th', 'measured', ''), ...columns.map((each) => cellOf('th', each, 'number'))]));
    table.tBodies[0].replaceChildren(...rows.map(({ cell, texts }) => line([cellOf('th', cell, 'value'), ...texts.map((each) => cellOf('td', each, 'number'))])));
  };
  const showBench = (now) => {
    for (const name of ['ok', 'errors']) show(name, number(now[name]));
    show('done', number(now.done) + ' of ' + number(now.rounds));
    show('left', now.state !== 'running' ? '–' : now.leftMs < 90000 ? Math.ceil(now.leftMs / 1000) + ' s' : Math.round(now.leftMs / 60000) + ' min');
    show('cell', now.cell === '' ? '–' : now.cell);
    show('stage', now.stage === '' ? '–' : now.stage);
    const bar = live.querySelector('[data-progress]');
    bar.max = Math.max(1, now.rounds);
    bar.value = now.done;
    showFigures(now.figures);
  };
  const showRun = (now) => {
    for (const name of ['ok', 'fail', 'info']) show(name, number(now[name]));
    show('perSecond', number(now.perSecond) + '/s');
    show('elapsed', (now.elapsedMs / 1000).toFixed(1) + ' s');
    show('faults', now.faults.length === 0 ? 'none' : now.faults.join(', '));
  };
  source.addEventListener('state', (event) => {
    const now = JSON.parse(event.data);
    if (now.figures === undefined) showRun(now);
    else showBench(now);
    show('verdict', (now.state === 'running' ? '' : signs[now.verdict.valid] + ' ') + now.verdict.summary);
    live.classList.toggle('invalid', now.verdict.valid === 'invalid');
    show('state', now.state);
    if (now.state === 'finished') show('hint', 'It is over. Reload the page for its report.');
  });
  source.addEventListener('end', () => source.close());
})();
`;
