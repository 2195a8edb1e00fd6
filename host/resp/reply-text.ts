import type { Reply } from '../../core/protocol.ts';

/** RESP2 replies, as byte strings. */
export function bulk(value: string | null): string {
  return value === null ? '$-1\r\n' : `$${value.length}\r\n${value}\r\n`;
}

export function integer(value: number): string {
  return `:${value}\r\n`;
}

export function array(items: readonly string[]): string {
  return `*${items.length}\r\n${items.join('')}`;
}

/** `code` is the upper-case word that clients go by. Lines cannot be broken from within. */
export function error(code: string, message: string): string {
  return `-${code} ${message.replace(/[\r\n]+/g, ' ').slice(0, 500)}\r\n`;
}

export const okText = '+OK\r\n';

/** How a command shows what became of it. */
export type Render = (reply: Reply) => string;

export const renderOk = renderWith(() => okText);
export const renderBulk = renderWith((value) => bulk(value === null ? null : String(value)));
export const renderInteger = renderWith((value) => integer(Number(value ?? 0)));

/** SETNX: 1 where it was set, 0 where something was there. */
export const renderSetIfAbsent: Render = (reply) => {
  if (reply.kind === 'ok') return integer(1);
  const isTaken = reply.kind === 'refused' && reply.reason === 'cas-mismatch';
  return isTaken ? integer(0) : renderOk(reply);
};

function renderWith(renderValue: (value: string | number | null) => string): Render {
  return (reply) => {
    switch (reply.kind) {
      case 'ok':
        return renderValue(reply.value);
      case 'refused':
        return refusal(reply);
      case 'unknown':
        return error('UNKNOWN', `it may have taken effect or may do so yet: ${reply.reason}`);
    }
  };
}

function refusal(reply: Extract<Reply, { kind: 'refused' }>): string {
  switch (reply.reason) {
    case 'not-leader':
      return reply.leader === undefined
        ? error('NOTLEADER', '? this node does not lead, and knows no leader')
        : error('NOTLEADER', `${reply.leader} this node does not lead, ${reply.leader} does`);
    case 'cas-mismatch':
      return error('CASFAIL', 'the value is not the expected one');
    case 'wrong-type':
      return error('WRONGTYPE', 'the value is not an integer in range');
    case 'no-session':
      return error('NOSESSION', 'the session is unknown or has expired; open a new one');
    case 'overloaded':
      return error('BUSY', 'too much is under way; try again later');
    case 'under-way':
      return error('UNDERWAY', 'another change of members or of the leader is; try again later');
    case 'impossible':
      return error(
        'IMPOSSIBLE',
        'expected nodes of this cluster: one member or more, and a member to lead it',
      );
    case 'gave-up':
      return error('GAVEUP', 'it did not come about in time; nothing has changed');
  }
}
