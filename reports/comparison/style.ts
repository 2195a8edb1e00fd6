/** What the page of a comparison has beside the look of all reports. */
export const comparisonStyle = `
.interval { display: block; width: 100%; min-width: 9rem; height: 1.1rem; }
.interval .zero { stroke: var(--faint); stroke-width: 1; stroke-dasharray: 2 2; }
.interval .reach { stroke: var(--loose); stroke-width: 2; }
.interval .at { fill: var(--loose); }
.interval.better .reach { stroke: var(--good); } .interval.better .at { fill: var(--good); }
.interval.worse .reach { stroke: var(--bad); } .interval.worse .at { fill: var(--bad); }
.mark.none { font-weight: 400; color: var(--faint); }
.nowrap { white-space: nowrap; }
`.trim();
