import {
  type Field,
  type ReadMessage,
  bytesField,
  message,
  numberField,
  readMessage,
} from './protobuf.ts';

/** Methods of etcd's API v3 (etcd-io/etcd, `rpc.proto`), with how they are asked. Byte strings throughout. */
export interface Call {
  readonly path: string;
  readonly body: Uint8Array;
}

/** Serializable reads are answered by the node itself, and may be stale. */
export function rangeCall(key: string, isSerializable: boolean): Call {
  return { path: '/etcdserverpb.KV/Range', body: rangeRequest(key, isSerializable) };
}

export function putCall(key: string, value: string): Call {
  return { path: '/etcdserverpb.KV/Put', body: putRequest(key, value) };
}

export function deleteCall(key: string): Call {
  return { path: '/etcdserverpb.KV/DeleteRange', body: message(bytesField(1, key)) };
}

/** Puts `to` where the key has the value `from`, or does not exist where that is null. */
export function casCall(key: string, from: string | null, to: string): Call {
  const equal = numberField(1, 0);
  const compare =
    from === null
      ? message(equal, numberField(2, targets.version), bytesField(3, key), numberField(4, 0))
      : message(equal, numberField(2, targets.value), bytesField(3, key), bytesField(7, from));
  const put = bytesField(2, putRequest(key, to));
  return {
    path: '/etcdserverpb.KV/Txn',
    body: message(bytesField(1, compare), bytesField(2, put)),
  };
}

export const statusCall: Call = {
  path: '/etcdserverpb.Maintenance/Status',
  body: new Uint8Array(0),
};

export const memberListCall: Call = {
  path: '/etcdserverpb.Cluster/MemberList',
  body: new Uint8Array(0),
};

/** What a comparison of a transaction looks at. */
const targets = { version: 0, value: 3 } as const;

function rangeRequest(key: string, isSerializable: boolean): Uint8Array {
  const fields: Field[] = [bytesField(1, key)];
  if (isSerializable) fields.push(numberField(7, 1));
  return message(...fields);
}

function putRequest(key: string, value: string): Uint8Array {
  return message(bytesField(1, key), bytesField(2, value));
}

/** The value of the one key that was asked for; null where it does not exist. */
export function readRange(body: Uint8Array): string | null {
  const pair = readMessage(body).bytes(2);
  if (pair === undefined) return null;
  return Buffer.from(readMessage(pair).bytes(5) ?? []).toString('latin1');
}

/** Whether the comparison held. */
export function readTxn(body: Uint8Array): boolean {
  return readMessage(body).number(2) === 1;
}

/** What a member says of itself; ids are 64 bits, in hexadecimal as etcdctl shows them. */
export interface MemberStatus {
  readonly member: string;
  /** 0 where it knows of none. */
  readonly leader: string;
  readonly term: number;
  readonly raftIndex: number;
  readonly appliedIndex: number;
  readonly databaseBytes: number;
}

export function readStatus(body: Uint8Array): MemberStatus {
  const status = readMessage(body);
  const header = readMessage(status.bytes(1) ?? new Uint8Array(0));
  return {
    member: idOf(header, 2),
    leader: idOf(status, 4),
    term: status.number(6),
    raftIndex: status.number(5),
    appliedIndex: status.number(7),
    databaseBytes: status.number(3),
  };
}

/** Names by id, of those that have started. */
export function readMemberList(body: Uint8Array): ReadonlyMap<string, string> {
  const members = readMessage(body)
    .all(2)
    .map((each) => readMessage(each));
  return new Map(
    members.map((each) => [idOf(each, 1), Buffer.from(each.bytes(2) ?? []).toString()]),
  );
}

function idOf(from: ReadMessage, field: number): string {
  return from.bits(field).toString(16);
}
