/** What the page of a comparison has beside the look of all reports. */
export const comparisonStyle = `
.interval { display: block; width: 100%; min-width: 9rem; height: 1.1rem; }
.interval .zero { stroke: var(--faint); stroke-width: 1; stroke-dasharray: 2 2; }
.interval .reach { stroke: var(--loose); stroke-width: 2; }
.interval .at { fill: var(--loose); }
.interval.better .reach { stroke: var(--good); } .interval.better .at { fill: var(--good); }
.interval.worse .reach { stroke: var(--bad); } .interval.worse .at { fill: var(--bad); }
.mark.none { font-weight: 400; color: var(--faint); }
.nowrap, .nowrap .mark { white-space: nowrap; }
.changes { list-style: none; margin: 0.8rem 0; padding: 0; } .changes li { padding: 0.15rem 0; overflow-wrap: anywhere; } .changes .mark { display: inline-block; min-width: 5.5rem; }
.compared td, .compared tbody th { vertical-align: middle; padding-block: 0.4rem; }
.compared .group th { background: var(--raised); font-size: 0.9rem; }
`.trim();
