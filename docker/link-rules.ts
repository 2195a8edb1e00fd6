/**
 * The rules of one node: what of its peers' traffic reaches it. Rules sit on the receiver, so that a
 * link can be cut one way, and name nobody but peers, so that dtest's own clients get through.
 */
export interface InboundRules {
  readonly peers: readonly string[];
  /** Addresses of peers whose packets are swallowed. */
  readonly cut: ReadonlySet<string>;
}

/** What one node counted. */
export interface InboundCounts {
  /** Packets that cut links swallowed since the node was made, probes not counted. */
  readonly dropped: number;
  /** Probes by sender's address, counted under the rules that stand now. */
  readonly arrived: ReadonlyMap<string, number>;
  readonly swallowed: ReadonlyMap<string, number>;
}

/**
 * A way to put rules in force, as shell scripts for the node's holder. Every one keeps two promises.
 * The rules change in one transaction, with the probe counters set to zero in it: so whatever is
 * counted was counted under the rules that stand. The `dropped` counter is never reset.
 */
export interface Mechanism {
  readonly name: string;
  /** Makes what `apply` needs; harmless when it is there already. */
  readonly prepare: string;
  apply(rules: InboundRules): string;
  /** Prints the counters for `counts`. */
  readonly read: string;
  counts(output: string): InboundCounts;
}

/**
 * Probes are UDP datagrams to this port, which is outside the range that kernels give to clients. No
 * program has to listen: the receiver's kernel counts a probe where the cut swallows it, or behind
 * all other filters, and ends it there. Both findings are seen; none is inferred from silence.
 */
export const probePort = 61_999;

const nft: Mechanism = {
  name: 'nft',
  prepare: 'nft add table inet dtest',
  apply: ({ peers, cut }) => {
    const links = peers
      .filter((peer) => cut.has(peer))
      .flatMap((peer) => [
        `add rule inet dtest links ip saddr ${peer} udp dport ${String(probePort)} counter drop`,
        `add rule inet dtest links ip saddr ${peer} counter name dropped drop`,
      ]);
    const probes = peers.map(
      (peer) =>
        `add rule inet dtest probes ip saddr ${peer} udp dport ${String(probePort)} counter drop`,
    );
    return heredoc('nft -f -', [
      'add table inet dtest',
      'add counter inet dtest dropped',
      'add chain inet dtest links { type filter hook input priority -300; }',
      'add chain inet dtest probes { type filter hook input priority 300; }',
      'flush chain inet dtest links',
      'flush chain inet dtest probes',
      ...links,
      ...probes,
    ]);
  },
  read: 'nft list table inet dtest',
  counts: (output) => {
    const [before = '', behind = ''] = output.split(/^\s*chain probes\b/m);
    const dropped = /counter dropped \{\s*packets (\d+)/.exec(output)?.[1];
    const probe = new RegExp(
      `ip saddr (\\S+) udp dport ${String(probePort)} counter packets (\\d+)`,
      'g',
    );
    return {
      dropped: Number(dropped ?? 0),
      swallowed: pairs(before.matchAll(probe), 1, 2),
      arrived: pairs(behind.matchAll(probe), 1, 2),
    };
  },
};

/** `DTEST-DROPPED` stands between a cut and its drop because `apply` resets the counters of `DTEST-LINKS`. */
function iptables(name: string, command: string): Mechanism {
  const onProbes = (chain: string, peer: string) =>
    `-A ${chain} -s ${peer} -p udp -m udp --dport ${String(probePort)} -j DROP`;
  return {
    name,
    prepare: [
      `${command} -w -n -L DTEST-PROBES > /dev/null 2>&1 ||`,
      heredoc(`${command}-restore -w --noflush`, [
        '*filter',
        ':DTEST-DROPPED - [0:0]',
        ':DTEST-LINKS - [0:0]',
        ':DTEST-PROBES - [0:0]',
        '-A DTEST-DROPPED -j DROP',
        '-A INPUT -j DTEST-LINKS',
        '-A INPUT -j DTEST-PROBES',
        'COMMIT',
      ]),
    ].join(' '),
    apply: ({ peers, cut }) =>
      heredoc(`${command}-restore -w --noflush`, [
        '*filter',
        ':DTEST-LINKS - [0:0]',
        ':DTEST-PROBES - [0:0]',
        ...peers
          .filter((peer) => cut.has(peer))
          .flatMap((peer) => [
            onProbes('DTEST-LINKS', peer),
            `-A DTEST-LINKS -s ${peer} -j DTEST-DROPPED`,
          ]),
        ...peers.map((peer) => onProbes('DTEST-PROBES', peer)),
        'COMMIT',
      ]),
    read: `${command}-save -c -t filter`,
    counts: (output) => {
      const dropped = /^\[(\d+):\d+\] -A DTEST-DROPPED -j DROP/m.exec(output)?.[1];
      const probesIn = (chain: string) =>
        new RegExp(`^\\[(\\d+):\\d+\\] -A ${chain} -s ([\\d.]+)(?:/32)? -p udp`, 'gm');
      return {
        dropped: Number(dropped ?? 0),
        swallowed: pairs(output.matchAll(probesIn('DTEST-LINKS')), 2, 1),
        arrived: pairs(output.matchAll(probesIn('DTEST-PROBES')), 2, 1),
      };
    },
  };
}

/** In order of preference; which of them a kernel has is found out by trying. */
export const mechanisms: readonly Mechanism[] = [
  nft,
  iptables('iptables', 'iptables-nft'),
  iptables('iptables-legacy', 'iptables-legacy'),
];

/** Sends a probe to each address. `/dev/udp` is bash's own, so nothing has to be started. */
export function probeScript(addresses: readonly string[]): string {
  return addresses
    .map((address) => `echo probe > /dev/udp/${address}/${String(probePort)}`)
    .join('\n');
}

function heredoc(command: string, lines: readonly string[]): string {
  return `${command} << 'END'\n${lines.join('\n')}\nEND`;
}

function pairs(
  matches: Iterable<RegExpExecArray>,
  key: number,
  count: number,
): Map<string, number> {
  const found = new Map<string, number>();
  for (const match of matches) found.set(match[key] ?? '', Number(match[count] ?? 0));
  return found;
}
