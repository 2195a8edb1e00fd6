import { comparisonStyle } from '../../reports/comparison/style.ts';
import { style } from '../../reports/page/style.ts';

/** `/assets/style.css`: the look of all reports, and what only these pages have. */
export const serveStyle = `${style}
${comparisonStyle}
.bar a[aria-current] { color: var(--ink); font-weight: 600; }
.filters a.button { display: inline-flex; align-items: center; }
.filters { display: flex; flex-wrap: wrap; gap: 0.6rem 1rem; align-items: end; margin: 1rem 0; }
.filters label { display: grid; gap: 0.15rem; font-size: 0.8rem; color: var(--faint); min-width: 0; }
select, input:not([type=checkbox]) { font: inherit; font-size: 0.9rem; color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: 0.35rem 0.5rem; max-width: 18rem; min-width: 0; }
input[type=checkbox] { width: 1.1rem; height: 1.1rem; accent-color: var(--link); }
.entries td, .entries th { vertical-align: middle; }
.entries td .mark { white-space: nowrap; }
.entries .reason { min-width: 20ch; max-width: 34ch; overflow-wrap: anywhere; color: var(--faint); }
.entries tbody tr:hover { background: var(--raised); }
.actions { display: flex; flex-wrap: wrap; gap: 0.6rem 1rem; align-items: center; margin: 1rem 0; }
a.button { font-size: 0.85rem; color: var(--ink); text-decoration: none; background: var(--raised); border: 1px solid var(--line); border-radius: 8px; padding: 0.35rem 0.8rem; }
a.button:hover { border-color: var(--faint); }
button.danger { color: var(--bad); border-color: var(--bad); }
progress { width: 100%; height: 0.8rem; accent-color: var(--placed); }
.tiles dd { overflow-wrap: anywhere; }
.pages { display: flex; gap: 1rem; align-items: baseline; margin: 1rem 0; }
.trend { width: 100%; height: auto; display: block; border: 1px solid var(--line); border-radius: 12px; background: var(--paper); }
.trend text { fill: var(--faint); font: 12px system-ui, 'DejaVu Sans', sans-serif; }
.trend .grid { stroke: var(--line); stroke-width: 1; }
.trend .line { fill: none; stroke: var(--placed); stroke-width: 1.5; opacity: 0.5; }
select, input:not([type=checkbox]), .filters button, .filters a.button { min-height: 2.3rem; }
.trend-key .point { fill: var(--placed); } .trend-key .point.invalid { fill: var(--bad); } .trend-key .point.unknown { fill: var(--unsure); }
.trend .point { fill: var(--placed); stroke: var(--paper); stroke-width: 1; }
.trend .point.invalid { fill: var(--bad); } .trend .point.unknown { fill: var(--unsure); }
.trend a:focus { outline: none; } .trend a:focus .point, .trend a:hover .point { stroke: var(--ink); stroke-width: 3; }
.links { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 0.4rem 1.2rem; }
.gallery { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr)); gap: 1rem; }
.gallery img { width: 100%; height: auto; background: #fff; border: 1px solid var(--line); border-radius: 10px; }
@media (max-width: 640px) {
  .entries thead { display: none; }
  .entries, .entries tbody { display: block; width: 100%; }
  .entries tr { display: grid; grid-template-columns: auto 1fr auto; gap: 0.1rem 0.7rem; padding: 0.5rem 0.8rem; border-top: 1px solid var(--line); }
  .entries td, .entries th { display: block; border: 0; padding: 0; text-align: left; min-width: 0; }
  .entries .reason { white-space: normal; grid-column: 2 / -1; max-width: none; }
  .entries .figure, .entries .what { grid-column: 2 / -1; }
  .entries .optional { display: none; }
}
`;
