import { type Bag, type Bounds, bugOf } from './hunt.ts';

export interface Bags {
  readonly bags: readonly Bag[];
  /** Of the hunts without invariants. */
  readonly dark: readonly Bag[];
  /** Of the hunts where nothing is planted. */
  readonly acquittals: readonly Bag[];
}

/** `docs/bugs.md`: every planted bug and how dtest convicts it, and what it found in correct code. */
export function bugsPage(
  { bags, dark, acquittals }: Bags,
  { seeds, seconds }: Bounds,
  darkBounds: Bounds,
): string {
  const inTheDark = new Map(dark.map((bag) => [nameOf(bag), bag]));
  const missed = dark.filter(({ first }) => first === null);
  const convicted = bags.filter(({ first }) => first !== null);
  return [
    '# Planted bugs',
    'Made by `npm run bugs`; do not edit.',
    `A harness is worth what it finds. Each line is a known mistake, planted in a copy of a bundled system by \`--bug\`, and how dtest convicts it in the sim world: seeds are tried from 1 on, at most ${String(seeds)} of them and ${String(seconds)} s of CPU. Of ${String(bags.length)} bugs ${String(convicted.length)} are convicted. The *share* is that of invalid runs among the seeds that were tried. The command repeats the first conviction, event by event. \`dtest list bugs\` has the same bugs with all that is known of them.`,
    `_Convicted by_ is the checker of the history, \`liveness\` (the cluster did not come back, or its replicas did not), or an invariant of the nodes' states, which often sees the mistake before it has done any harm. Only the simulator can look into nodes; _without invariants_ says what the same hunt finds with that eye closed, in at most ${String(darkBounds.seeds)} seeds and ${String(darkBounds.seconds)} s: of ${String(dark.length)} bugs that an invariant convicts ${String(dark.length - missed.length)} show from outside as well.`,
    table(
      [
        ...['system', 'bug', 'mistake', 'source', 'shows as', 'first seed', 'CPU', 'share'],
        ...['convicted by', 'without invariants', 'command'],
      ],
      bags.map((bag) => rowOf(bag, inTheDark.get(nameOf(bag)))),
    ),
    '## Nothing planted',
    'The same words without a bug must convict nobody, whatever the seed. A run is *unknown* where its faults did not bite.',
    table(
      ['system', 'words', 'seeds', 'invalid', 'unknown'],
      acquittals.map(({ hunt, seeds: tried, invalid, unknown }) => [
        hunt.system,
        `\`${hunt.words.join(' ')}\``,
        String(tried),
        invalid === 0 ? '0' : `**${String(invalid)}**`,
        String(unknown),
      ]),
    ),
  ]
    .join('\n\n')
    .concat('\n');
}

function nameOf({ hunt }: Bag): string {
  return `${hunt.system} ${hunt.bug ?? ''}`;
}

function inTheDarkText({ first, seeds }: Bag): string {
  return first === null ? `none of ${String(seeds)}` : `${first.by}, seed ${String(first.seed)}`;
}

function rowOf(
  { hunt, first, seeds, invalid, seconds }: Bag,
  dark: Bag | undefined,
): readonly string[] {
  const bug = bugOf(hunt);
  const about = [bug?.summary ?? '', bug?.source ?? '', bug?.anomaly ?? ''];
  if (first === null) {
    const effort = `none of ${String(seeds)}`;
    const nothing = ['0', '', '', ''];
    return [hunt.system, hunt.bug ?? '', ...about, effort, `${seconds.toFixed(1)} s`, ...nothing];
  }
  return [
    ...[hunt.system, hunt.bug ?? '', ...about],
    String(first.seed),
    `${first.seconds.toFixed(1)} s`,
    percent(invalid / seeds),
    first.by,
    dark === undefined ? 'the same' : inTheDarkText(dark),
    `\`${first.command}\``,
  ];
}

function percent(share: number): string {
  return share >= 0.1 ? `${(100 * share).toFixed(0)} %` : `${(100 * share).toPrecision(1)} %`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
