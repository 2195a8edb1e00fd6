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
  source.addEventListener('state', (event) => {
    const now = JSON.parse(event.data);
    for (const name of ['ok', 'fail', 'info']) show(name, number(now[name]));
    show('perSecond', number(now.perSecond) + '/s');
    show('elapsed', (now.elapsedMs / 1000).toFixed(1) + ' s');
    show('faults', now.faults.length === 0 ? 'none' : now.faults.join(', '));
    show('verdict', (now.state === 'running' ? '' : signs[now.verdict.valid] + ' ') + now.verdict.summary);
    live.classList.toggle('invalid', now.verdict.valid === 'invalid');
    show('state', now.state);
    if (now.state === 'finished') show('hint', 'The run is over. Reload the page for its report.');
  });
  source.addEventListener('end', () => source.close());
})();
`;
