import { describe, expect, it } from 'vitest';
import type { HostConfig } from '../core/host-config.ts';
import { ConfigError, parseConfig } from './config.ts';

const at = (port: number): { host: string; port: number } => ({ host: '127.0.0.1', port });

const config: HostConfig = {
  protocol: 'raft',
  place: {
    cluster: 'run',
    id: 'n1',
    nodes: ['n1', 'n2'],
    host: '127.0.0.1',
    listen: { client: at(1), peer: at(2), http: at(3) },
    peers: { n2: { peer: at(4) } },
    dataDir: '/data',
    packageRoot: '/package',
    nodeBinary: '/usr/bin/node',
  },
  settings: { reads: 'index' },
  seed: 7,
};

describe('the host program’s argument', () => {
  it('is taken as it is when it is right', () => {
    expect(parseConfig(JSON.stringify(config))).toEqual(config);
  });

  it.each([
    [undefined, 'the argument'],
    ['{', 'the argument to be JSON'],
    ['[]', 'the argument to be an object'],
    [JSON.stringify({ ...config, seed: -1 }), 'seed to be a whole number'],
    [JSON.stringify({ ...config, protocol: '' }), 'protocol to be a text'],
    [JSON.stringify({ ...config, settings: { reads: 5 } }), 'settings.reads to be a text'],
    [place({ cluster: 7 }), 'place.cluster to be a text'],
    [place({ id: 'n9' }), 'place.nodes to be the node'],
    [place({ nodes: ['n1', 'n1'] }), 'place.nodes to be different names'],
    [place({ listen: { client: at(1), peer: at(2) } }), 'place.listen.http to be an object'],
    [place({ listen: { ...config.place.listen, http: at(70_000) } }), 'place.listen.http.port'],
    [place({ peers: {} }), 'place.peers.n2 to be an object, got nothing'],
    [place({ dataDir: null }), 'place.dataDir'],
  ])('is refused, with the place named, when it is wrong: %s', (argument, reason) => {
    expect(() => parseConfig(argument)).toThrow(ConfigError);
    expect(() => parseConfig(argument)).toThrow(`expected ${reason}`);
  });
});

function place(changes: object): string {
  return JSON.stringify({ ...config, place: { ...config.place, ...changes } });
}
