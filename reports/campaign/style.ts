/** What the page of a campaign has beside the look of all reports. */
export const campaignStyle = `
.group { border: 1px solid var(--line); border-left: 6px solid var(--bad); border-radius: 12px; padding: clamp(0.8rem, 2vw, 1.4rem); margin: 1rem 0; }
.group.unknown { border-left-color: var(--unsure); }
.group h3 { margin: 0 0 0.5rem; overflow-wrap: anywhere; }
.group .times { color: var(--faint); font-weight: 400; }
.group pre { margin: 0.3rem 0 0.6rem; }
.group details > summary { font-weight: 400; }
.example { margin: 0.7rem 0; }
.example p { margin: 0; max-width: none; overflow-wrap: anywhere; }
.share { display: flex; height: 0.8rem; min-width: 8rem; border-radius: 4px; overflow: hidden; background: var(--raised); margin-top: 0.35rem; }
svg.share { display: block; width: 100%; }
.share .valid { fill: var(--good); } .share .invalid { fill: var(--bad); } .share .crashed { fill: var(--bad); opacity: 0.55; } .share .unknown { fill: var(--unsure); }
.histograms { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr)); gap: 1.5rem 2.5rem; margin-top: 0.6rem; }
.histogram { width: 100%; border-collapse: collapse; }
.histogram th, .histogram td { border: 0; padding: 0.15rem 0.5rem; font-weight: 400; white-space: nowrap; }
.histogram svg { display: block; width: 100%; height: 1rem; }
.histogram td.drawn { width: 100%; padding-inline: 0.3rem; }
.histogram rect { fill: var(--placed); }
.tiles .bad dd { color: var(--bad); } .tiles .unsure dd { color: var(--unsure); }
`.trim();
