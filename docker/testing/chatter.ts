import type { Cluster, Node } from '../../core/cluster.ts';
import type { Launch, System, WorldOptions } from '../../core/system.ts';
import { connect } from 'node:net';
import { docker } from '../index.ts';
import { until } from './until.ts';

/** Runs in the container as `node -e`: appends to a file at each start, and greets its peers by UDP. */
const program = `
const [place] = process.argv.slice(1).map((word) => JSON.parse(word));
const fs = require('node:fs');
const file = place.dataDir + '/starts';
fs.appendFileSync(file, 'x');
const heard = Object.fromEntries(Object.keys(place.peers).map((id) => [id, 0]));
const idOf = Object.fromEntries(Object.entries(place.peers).map(([id, at]) => [at.peer.host, id]));
const socket = require('node:dgram').createSocket('udp4');
socket.on('message', (_, { address }) => heard[idOf[address]]++);
socket.on('error', () => {});
socket.bind(place.listen.peer.port);
setInterval(() => {
  for (const { peer } of Object.values(place.peers)) socket.send('hello', peer.port, peer.host, () => {});
}, 20);
const status = () => JSON.stringify({
  id: place.id, starts: fs.statSync(file).size, heard, pid: process.pid,
  capabilities: /CapEff:\\s*(\\w+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1],
});
require('node:net').createServer((client) => client.on('error', () => {}).end(status()))
  .listen(place.listen.client.port, place.listen.client.host, () => console.log(place.id + ' listens'));
`;

const launch: Launch = {
  ports: [
    { name: 'client', port: 7000, reachedBy: 'clients' },
    { name: 'peer', port: 7001, reachedBy: 'peers' },
  ],
  image: { kind: 'bundled' },
  command: (place) => [place.nodeBinary, '-e', program, JSON.stringify(place)],
};

const refuse = () => Promise.reject(new Error('The chatter has no clients.'));

/** A system whose nodes count what they hear of each other, so that links show in its own traffic. */
export const chatter: System = {
  name: 'chatter',
  summary: 'nodes that greet each other and count the greetings',
  operations: [],
  settings: [],
  launch,
  connect: refuse,
  inspect: refuse,
};

export interface ChatterStatus {
  readonly id: string;
  /** How often it was started on the data it has. */
  readonly starts: number;
  /** Greetings by sender since the last start. */
  readonly heard: Readonly<Record<string, number>>;
  readonly capabilities: string;
}

const answerTimeoutMs = 5000;

export async function askChatter(node: Node): Promise<ChatterStatus> {
  const { host, port } = node.addresses.client ?? { host: '', port: 0 };
  const text = await new Promise<string>((resolve, reject) => {
    let said = '';
    const socket = connect({ host, port })
      .setTimeout(answerTimeoutMs, () => socket.destroy(new Error(`${node.id} says nothing`)))
      .on('data', (chunk) => (said += chunk.toString()))
      .on('error', reject)
      .on('end', () => resolve(said));
  });
  return JSON.parse(text) as ChatterStatus;
}

/** A cluster whose programs are up: `start` resolves when the containers are, which is a little sooner. */
export async function startChatter(options: WorldOptions): Promise<Cluster> {
  const cluster = await docker.start(options);
  for (const node of cluster.nodes) {
    await until(
      `${node.id} to listen`,
      () => askChatter(node).catch(() => undefined),
      (status) => status !== undefined,
    );
  }
  return cluster;
}

export function chatterOptions(runId: string, owner = 'test'): WorldOptions {
  return {
    runId,
    owner,
    keep: false,
    nodes: ['n1', 'n2', 'n3', 'n4', 'n5'],
    system: chatter,
    settings: {},
    linkFaults: true,
    workDir: '',
  };
}
