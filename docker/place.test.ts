import { describe, expect, it } from 'vitest';
import { placeOf } from './place.ts';

describe('a place', () => {
  it('listens everywhere and knows the others by their own addresses', () => {
    const addresses = new Map([
      ['n1', '10.0.0.11'],
      ['n2', '10.0.0.12'],
    ]);
    const ports = [
      { name: 'client', port: 7000, reachedBy: 'clients' },
      { name: 'peer', port: 7001, reachedBy: 'peers' },
    ] as const;
    expect(placeOf({ cluster: 'run', id: 'n1' }, addresses, ports)).toEqual({
      cluster: 'run',
      id: 'n1',
      nodes: ['n1', 'n2'],
      host: '10.0.0.11',
      listen: {
        client: { host: '0.0.0.0', port: 7000 },
        peer: { host: '0.0.0.0', port: 7001 },
      },
      peers: {
        n2: {
          client: { host: '10.0.0.12', port: 7000 },
          peer: { host: '10.0.0.12', port: 7001 },
        },
      },
      dataDir: '/var/lib/dtest',
      packageRoot: '/opt/dtest',
      nodeBinary: '/usr/local/bin/node',
    });
  });
});
