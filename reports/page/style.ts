/** The look of the report. Colours are variables, so that light and dark differ in one place. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --raised: #f6f8fa; --ink: #1f2328; --faint: #59636e; --line: #d5dae0;
  --link: #0060b0; --good: #1a7f4b; --bad: #b3261e; --unsure: #8a5a00;
  --good-wash: #e6f5ec; --bad-wash: #fdecea; --unsure-wash: #fff4dc;
  --placed: #0072b2; --placed-wash: #e3f1fa; --loose: #7d8590; --loose-wash: #f1f3f5;
  --shade: 0.08;
  --mono: ui-monospace, 'SF Mono', 'Cascadia Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #12161c; --raised: #1a2028; --ink: #e6e9ed; --faint: #9aa4af; --line: #333c46;
    --link: #7cc0ff; --good: #57cc8a; --bad: #ff8a80; --unsure: #f0b84a;
    --good-wash: #12291d; --bad-wash: #351a19; --unsure-wash: #32260f;
    --placed: #5ab4ec; --placed-wash: #14293a; --loose: #8b949e; --loose-wash: #20262e; --shade: 0.16;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 3.5rem; -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif;
}
main, .bar > div { max-width: 1280px; margin: 0 auto; padding: 0 clamp(1rem, 3vw, 2.5rem); }
@media (min-width: 2200px) { html { font-size: 20px; } body { font-size: 1rem; } main, .bar > div { max-width: 2400px; } .stage svg, .key svg { zoom: 1.25; } }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 1rem; top: 0.5rem; z-index: 9; background: var(--paper); padding: 0.3rem 0.8rem; }
.bar { position: sticky; top: 0; z-index: 5; background: var(--paper); border-bottom: 1px solid var(--line); }
.bar > div { display: flex; gap: 0.35rem 1.25rem; align-items: baseline; overflow-x: auto; white-space: nowrap; padding-block: 0.6rem; }
.bar strong { font-weight: 650; letter-spacing: 0.01em; margin-right: auto; }
.bar a { color: var(--faint); text-decoration: none; font-size: 0.9rem; }
.bar a:hover, .bar a:focus { color: var(--link); text-decoration: underline; }
section { margin: 2.75rem 0; }
h1 { font-size: clamp(1.5rem, 1rem + 2.2vw, 2.3rem); line-height: 1.2; margin: 0; font-weight: 700; letter-spacing: -0.01em; }
h2 { font-size: 1.3rem; margin: 0 0 0.35rem; font-weight: 650; }
h3.group, summary.group { font-size: 1.12rem; color: var(--faint); margin: 1.8rem 0 1rem; padding-bottom: 0.3rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.03rem; margin: 1.6rem 0 0.4rem; font-weight: 650; }
p { margin: 0.35rem 0 0.8rem; max-width: 75ch; }
.faint { color: var(--faint); }
.small { font-size: 0.875rem; }
.value, code, pre { unicode-bidi: isolate; overflow-wrap: anywhere; }
code, pre, .mono { font-family: var(--mono); font-size: 0.875em; }
pre { background: var(--raised); border: 1px solid var(--line); border-radius: 8px; padding: 0.8rem 1rem; overflow: auto; max-height: 24rem; white-space: pre-wrap; margin: 0.5rem 0; }
.verdict { border-radius: 14px; padding: clamp(1.1rem, 3vw, 2rem); border: 1px solid; border-left-width: 8px; margin-top: 1.75rem; }
.verdict.valid { background: var(--good-wash); border-color: var(--good); }
.verdict.invalid { background: var(--bad-wash); border-color: var(--bad); }
.verdict.open { background: var(--raised); border-color: var(--loose); }
.verdict.unknown { background: var(--unsure-wash); border-color: var(--unsure); }
.verdict .reason { font-size: 1.15rem; max-width: 80ch; margin: 0.6rem 0 0; overflow-wrap: anywhere; }
.verdict .about { margin: 0 0 0.4rem; color: var(--faint); }
.valid .word { color: var(--good); } .invalid .word { color: var(--bad); } .unknown .word { color: var(--unsure); }
.command { display: flex; gap: 0.6rem; align-items: start; margin-top: 1rem; }
.command pre { flex: 1; margin: 0; max-height: 8rem; background: var(--paper); min-width: 0; }
button { font: inherit; font-size: 0.85rem; color: var(--ink); background: var(--raised); border: 1px solid var(--line); border-radius: 8px; padding: 0.35rem 0.8rem; cursor: pointer; white-space: nowrap; }
button:hover { border-color: var(--faint); }
button[hidden], [hidden] { display: none; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: 0.75rem; margin: 1.25rem 0 0; padding: 0; }
.tiles div { background: var(--raised); border: 1px solid var(--line); border-radius: 10px; padding: 0.65rem 0.9rem; }
.tiles dt { color: var(--faint); font-size: 0.8rem; }
.tiles dd { margin: 0; font-size: 1.25rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 10px; margin: 0.6rem 0; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: 0.5rem 0.8rem; color: var(--faint); }
th, td { padding: 0.5rem 0.8rem; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--faint); font-weight: 550; font-size: 0.85rem; white-space: nowrap; background: var(--raised); }
tbody th { font-weight: 600; }
tbody th.value { min-width: 9rem; }
td .mark { white-space: normal; } .nowrap { white-space: nowrap; }
.scroll.tall { max-height: 80vh; overflow: auto; } .scroll.tall thead th { position: sticky; top: 0; z-index: 1; }
td.value { min-width: 13rem; }
td.value, th.value { overflow-wrap: break-word; }
.scroll.narrow { width: fit-content; max-width: 100%; }
.scroll.narrow table { min-width: min(40rem, 100%); }
.number { text-align: right; white-space: nowrap; }
.mark { font-weight: 650; white-space: nowrap; }
.mark.good { color: var(--good); } .mark.bad { color: var(--bad); } .mark.unsure { color: var(--unsure); }
.facts { display: grid; grid-template-columns: minmax(7rem, 14rem) 1fr; gap: 0.2rem 1.2rem; margin: 0.6rem 0; }
.facts dt { color: var(--faint); } .facts dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 520px) { .facts { grid-template-columns: 1fr; } .facts dd { margin-bottom: 0.5rem; } .command { flex-direction: column; } .command pre { width: 100%; } }
details > summary { cursor: pointer; font-weight: 600; padding: 0.3rem 0; }
.failure { border: 1px solid var(--line); border-radius: 12px; padding: clamp(0.8rem, 2vw, 1.4rem); margin: 1rem 0; }
.failure h3 { margin-top: 0; overflow-wrap: anywhere; }
.key { display: flex; flex-wrap: wrap; gap: 0.3rem 1.4rem; font-size: 0.875rem; color: var(--faint); margin: 0.4rem 0; padding: 0; list-style: none; }
.key svg { vertical-align: -4px; margin-right: 0.4rem; }
.stage { overflow-x: auto; border: 1px solid var(--line); border-radius: 10px; background: var(--paper); }
.stage svg { display: block; max-width: none; }
.details { min-height: 6.4rem; white-space: pre-line; background: var(--raised); border-radius: 10px; padding: 0.6rem 0.9rem; margin: 0.6rem 0; font-size: 0.9rem; unicode-bidi: isolate; overflow-wrap: anywhere; }
.timeline text { fill: var(--ink); font: 12px var(--mono); unicode-bidi: isolate; }
.timeline .when { fill: var(--faint); font-size: 11px; text-anchor: middle; }
.timeline .names .ground { fill: var(--paper); }
.timeline .who { fill: var(--faint); font-size: 11px; }
.timeline .tick, .timeline .row { stroke: var(--line); stroke-width: 1; }
.timeline .tick { stroke-dasharray: 2 4; }
.timeline .bar { fill: var(--placed-wash); stroke: var(--placed); stroke-width: 1.25; position: static; }
.timeline .loose .bar { fill: var(--loose-wash); stroke: var(--loose); }
.timeline .info .bar { stroke-dasharray: 5 3; }
.timeline .stuck .bar { fill: var(--bad-wash); stroke: var(--bad); stroke-width: 2.75; stroke-dasharray: none; }
.timeline .hatch { stroke: var(--bad); stroke-width: 1.6; opacity: 0.3; }
.timeline .blame { fill: var(--bad); opacity: var(--shade); }
.timeline .badge { fill: var(--placed); } .timeline .loose .badge { fill: var(--loose); } .timeline .stuck .badge { fill: var(--bad); }
.timeline .number { fill: var(--paper); font-size: 11px; font-weight: 700; text-anchor: middle; }
.timeline .state { fill: var(--faint); font-size: 10.5px; }
.timeline .stuck .state { fill: var(--bad); font-weight: 700; }
.timeline .unknown { fill: var(--faint); font-size: 15px; text-anchor: end; font-weight: 700; }
.timeline .order { fill: none; stroke: var(--placed); stroke-width: 1.5; stroke-dasharray: 1 4; stroke-linecap: round; pointer-events: none; }
.timeline .point { fill: var(--placed); stroke: var(--paper); stroke-width: 1.5; pointer-events: none; }
.timeline .operation { cursor: pointer; }
.timeline .operation:focus { outline: none; }
.timeline .operation:focus-visible .bar, .timeline .operation:hover .bar { stroke: var(--ink); stroke-width: 3; }
.cycle { display: flex; flex-wrap: wrap; gap: 1rem 2rem; align-items: start; margin: 0.6rem 0; }
.ring { flex: none; max-width: 100%; height: auto; }
.ring text { fill: var(--ink); font: 13px var(--mono); unicode-bidi: isolate; }
.ring .name { font-weight: 700; text-anchor: middle; }
.ring .transaction { fill: var(--placed-wash); stroke: var(--placed); stroke-width: 1.5; }
.ring .info { stroke-dasharray: 5 3; }
.ring .arrow { fill: none; stroke: var(--bad); stroke-width: 2; }
.ring .arrow.rw { stroke-dasharray: 8 4; } .ring .arrow.process, .ring .arrow.realtime { stroke: var(--loose); stroke-dasharray: 2 4; }
.ring .tip { fill: var(--bad); }
.circle { flex: 1 1 22rem; list-style: none; margin: 0; padding: 0; min-width: 0; }
.circle p { margin: 0; max-width: none; overflow-wrap: anywhere; }
.circle .because { border-left: 3px solid var(--bad); margin: 0.35rem 0 0.5rem 0.5rem; padding: 0.15rem 0 0.15rem 0.8rem; }
.circle .kind { font: 650 0.875em var(--mono); color: var(--bad); white-space: nowrap; }
.steps { columns: 18rem; column-gap: 2rem; padding-left: 1.6rem; margin: 0.5rem 0; font-size: 0.9rem; }
.steps li { break-inside: avoid; padding: 0.1rem 0; overflow-wrap: anywhere; }
.steps li::marker { color: var(--placed); font-weight: 700; }
.charts { display: grid; grid-template-columns: minmax(0, 1fr); gap: 2rem; }
@media (min-width: 2200px) { .charts { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
@media (min-width: 1150px) { .charts.dense { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
@media (min-width: 2200px) { .charts.dense { grid-template-columns: repeat(3, minmax(0, 1fr)); } }
.charts.dense .plot { height: 400px; }
figure { margin: 0; min-width: 0; }
figcaption { margin-bottom: 0.4rem; }
figcaption h3 { margin: 0; }
.plot { position: relative; height: clamp(370px, 44vw, 470px); border: 1px solid var(--line); border-radius: 12px; overflow: hidden; padding: 0.6rem 0.4rem 0.2rem; touch-action: pan-y; }
.plot img { width: 100%; height: 100%; object-fit: contain; background: #fff; }
.scripted .plot img { display: none; }
.plot:not(.drawn) canvas { visibility: hidden; }
.plot .range { position: absolute; top: 0; bottom: 0; background: var(--link); opacity: 0.18; pointer-events: none; }
.hint { margin-bottom: 1rem; display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center; }
.buttons { display: inline-flex; gap: 0.3rem; }
.controls { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center; margin: 0.6rem 0; }
.controls select, .controls input { font: inherit; color: var(--ink); background: var(--raised); border: 1px solid var(--line); border-radius: 8px; padding: 0.3rem 0.5rem; max-width: min(22rem, 70vw); }
.controls .buttons button, .hint .buttons button { min-width: 2.2rem; }
html:not(.scripted) .stage-view, html:not(.scripted) .failure .controls { display: none; } .scripted .unscripted { display: none; }
.scene { border: 1px solid var(--line); border-radius: 10px; overflow-y: auto; overflow-x: hidden; max-height: 70vh; touch-action: pan-y; }
.scene canvas { display: block; width: 100%; cursor: grab; } .scene canvas:active { cursor: grabbing; }
.stage-view { margin: 1rem 0; } .stage-view .details { min-height: 5.6rem; }
.swatch { display: inline-block; width: 2rem; height: 1rem; margin-right: 0.4rem; vertical-align: -2px; border: 1.5px solid var(--placed); background: var(--placed-wash); font-size: 0.75rem; line-height: 0.9rem; text-align: center; color: var(--bad); }
.swatch.fail { border-color: var(--unsure); background: repeating-linear-gradient(135deg, transparent 0 4px, var(--unsure) 4px 5px); }
.swatch.info { border: 1.5px dashed var(--loose); background: var(--loose-wash); }
.swatch.bad { border: 2.5px solid var(--bad); background: var(--bad-wash); }
.listing ol { max-height: 24rem; overflow: auto; margin: 0.5rem 0; overflow-wrap: anywhere; unicode-bidi: isolate; }
.timeline .later { opacity: 0.3; } .timeline .loose.later { opacity: 1; }
.timeline .current .bar { stroke-width: 3; }
footer { border-top: 1px solid var(--line); margin: 3rem 0 2rem; padding-top: 1rem; color: var(--faint); font-size: 0.875rem; }
@media print { .bar, button, .hint { display: none; } body { font-size: 11pt; } .stage { overflow: visible; } }
`.trim();
