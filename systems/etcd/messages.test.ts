import { describe, expect, it } from 'vitest';
import {
  type Call,
  casCall,
  deleteCall,
  putCall,
  rangeCall,
  readMemberList,
  readRange,
  readStatus,
  readTxn,
} from './messages.ts';
import { bytesField, message, numberField } from './protobuf.ts';

const hex = ({ body }: Call): string => Buffer.from(body).toString('hex');

describe('a call of etcd’s API', () => {
  it.each<[string, Call, string, string]>([
    ['range', rangeCall('k', false), '/etcdserverpb.KV/Range', '0a016b'],
    ['serializable range', rangeCall('k', true), '/etcdserverpb.KV/Range', '0a016b3801'],
    ['put', putCall('k', 'v'), '/etcdserverpb.KV/Put', '0a016b120176'],
    ['delete', deleteCall('k'), '/etcdserverpb.KV/DeleteRange', '0a016b'],
    [
      'put where the value is another one',
      casCall('k', 'a', 'b'),
      '/etcdserverpb.KV/Txn',
      // Compare { EQUAL, VALUE, k, value a }, success { RequestPut { k, b } }.
      '0a0a0800' + '1003' + '1a016b' + '3a0161' + '1208' + '1206' + '0a016b' + '120162',
    ],
    [
      'put where there is nothing',
      casCall('k', null, 'b'),
      '/etcdserverpb.KV/Txn',
      // Compare { EQUAL, VERSION, k, version 0 }.
      '0a090800' + '1000' + '1a016b' + '2000' + '1208' + '1206' + '0a016b' + '120162',
    ],
  ])('%s has the bytes of its schema', (_, call, path, bytes) => {
    expect(call.path).toBe(path);
    expect(hex(call)).toBe(bytes);
  });
});

describe('an answer of etcd’s API', () => {
  const header = bytesField(1, message(numberField(1, 5), numberField(2, 0xabc)));

  it('says what stands at a key, as bytes, or that nothing does', () => {
    const pair = message(bytesField(1, 'k'), numberField(4, 2), bytesField(5, 'v\xff'));
    expect(readRange(message(header, bytesField(2, pair), numberField(4, 1)))).toBe('v\xff');
    expect(readRange(message(header, bytesField(2, bytesField(1, 'k'))))).toBe('');
    expect(readRange(header)).toBeNull();
  });

  it('says whether a comparison held', () => {
    expect(readTxn(message(header, numberField(2, 1)))).toBe(true);
    expect(readTxn(header)).toBe(false);
  });

  it('says who leads, and who is who', () => {
    const status = message(
      ...[header, bytesField(2, '3.4.23'), numberField(3, 4096), numberField(4, 0xdef)],
      ...[numberField(5, 12), numberField(6, 3), numberField(7, 11)],
    );
    expect(readStatus(status)).toEqual({
      ...{ member: 'abc', leader: 'def', term: 3, raftIndex: 12, appliedIndex: 11 },
      databaseBytes: 4096,
    });
    const member = (id: number, name: string): Uint8Array =>
      bytesField(2, message(numberField(1, id), bytesField(2, name)));
    expect([...readMemberList(message(header, member(0xabc, 'n1'), member(0xdef, 'n2')))]).toEqual([
      ['abc', 'n1'],
      ['def', 'n2'],
    ]);
  });
});
