import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mechanisms, probePort, probeScript } from './link-rules.ts';

const named = new Map(mechanisms.map((mechanism) => [mechanism.name, mechanism]));
const rules = { peers: ['10.208.0.12', '10.208.0.13'], cut: new Set(['10.208.0.13']) };

describe('the mechanisms', () => {
  it('are tried from the newest to the oldest', () => {
    expect([...named.keys()]).toEqual(['nft', 'iptables', 'iptables-legacy']);
  });

  it.each(mechanisms)('of $name drop from cut peers and from nobody else', (mechanism) => {
    const address = fc.integer({ min: 2, max: 250 }).map((last) => `10.208.0.${String(last)}`);
    const peersAndCut = fc
      .uniqueArray(address, { maxLength: 9 })
      .chain((peers) => fc.tuple(fc.constant(peers), fc.subarray(peers)));
    fc.assert(
      fc.property(peersAndCut, ([peers, cut]) => {
        const script = mechanism.apply({ peers, cut: new Set(cut) });
        const dropsAll = script
          .split('\n')
          .filter(
            (line) => /drop/i.test(line) && line.includes('10.208.') && !line.includes('udp'),
          );
        const dropped = dropsAll.map((line) => /10\.208\.0\.\d+/.exec(line)?.[0]);
        expect(dropped).toEqual(cut);
      }),
    );
  });
});

describe('nft', () => {
  it('puts the whole state in force in one transaction, resetting all counters but `dropped`', () => {
    expect(named.get('nft')?.apply(rules)).toMatchInlineSnapshot(`
      "nft -f - << 'END'
      add table inet dtest
      add counter inet dtest dropped
      add chain inet dtest links { type filter hook input priority -300; }
      add chain inet dtest probes { type filter hook input priority 300; }
      flush chain inet dtest links
      flush chain inet dtest probes
      add rule inet dtest links ip saddr 10.208.0.13 udp dport 61999 counter drop
      add rule inet dtest links ip saddr 10.208.0.13 counter name dropped drop
      add rule inet dtest probes ip saddr 10.208.0.12 udp dport 61999 counter drop
      add rule inet dtest probes ip saddr 10.208.0.13 udp dport 61999 counter drop
      END"
    `);
  });

  it('tells probes that a cut swallowed from probes that arrived', () => {
    const output = `table inet dtest {
	counter dropped {
		packets 77 bytes 4004
	}

	chain links {
		type filter hook input priority raw; policy accept;
		ip saddr 10.208.0.13 udp dport 61999 counter packets 2 bytes 68 drop
		ip saddr 10.208.0.13 counter name "dropped" drop
	}

	chain probes {
		type filter hook input priority 300; policy accept;
		ip saddr 10.208.0.12 udp dport 61999 counter packets 1 bytes 34 drop
		ip saddr 10.208.0.13 udp dport 61999 counter packets 0 bytes 0 drop
	}
}
`;
    expect(named.get('nft')?.counts(output)).toEqual({
      dropped: 77,
      swallowed: new Map([['10.208.0.13', 2]]),
      arrived: new Map([
        ['10.208.0.12', 1],
        ['10.208.0.13', 0],
      ]),
    });
  });
});

describe('iptables', () => {
  it('keeps the counter of dropped packets in a chain that it does not write again', () => {
    expect(named.get('iptables')?.apply(rules)).toMatchInlineSnapshot(`
      "iptables-nft-restore -w --noflush << 'END'
      *filter
      :DTEST-LINKS - [0:0]
      :DTEST-PROBES - [0:0]
      -A DTEST-LINKS -s 10.208.0.13 -p udp -m udp --dport 61999 -j DROP
      -A DTEST-LINKS -s 10.208.0.13 -j DTEST-DROPPED
      -A DTEST-PROBES -s 10.208.0.12 -p udp -m udp --dport 61999 -j DROP
      -A DTEST-PROBES -s 10.208.0.13 -p udp -m udp --dport 61999 -j DROP
      COMMIT
      END"
    `);
  });

  it('tells probes that a cut swallowed from probes that arrived', () => {
    const output = `*filter
:INPUT ACCEPT [10:840]
[12:999] -A INPUT -j DTEST-LINKS
[9:700] -A INPUT -j DTEST-PROBES
[41:2100] -A DTEST-DROPPED -j DROP
[3:102] -A DTEST-LINKS -s 10.208.0.13/32 -p udp -m udp --dport 61999 -j DROP
[41:2100] -A DTEST-LINKS -s 10.208.0.13/32 -j DTEST-DROPPED
[1:34] -A DTEST-PROBES -s 10.208.0.12/32 -p udp -m udp --dport 61999 -j DROP
[0:0] -A DTEST-PROBES -s 10.208.0.13/32 -p udp -m udp --dport 61999 -j DROP
COMMIT
`;
    expect(named.get('iptables-legacy')?.counts(output)).toEqual({
      dropped: 41,
      swallowed: new Map([['10.208.0.13', 3]]),
      arrived: new Map([
        ['10.208.0.12', 1],
        ['10.208.0.13', 0],
      ]),
    });
  });
});

describe('a probe', () => {
  it('is sent by the shell itself, to a port that no client is given', () => {
    expect(probePort).toBeGreaterThan(60_999);
    expect(probeScript(['10.208.0.12'])).toBe('echo probe > /dev/udp/10.208.0.12/61999');
  });
});
