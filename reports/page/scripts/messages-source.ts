import type { MessageBlock, MessageItem } from '../../messages/block.ts';
import type { Item, Source } from './scene.ts';

// The functions of this file run in the page, which gets their text (`messageFunctions`): they use
// nothing from outside but their arguments and each other.

/** What is shown of the messages: all, all but the routine, or one kind of them. */
export type MessageFilter = 'all' | 'eventful' | number;

/**
 * Messages between nodes as a source of scenes (Lamport 1978, space-time diagrams): a line for each
 * node and client, an arrow for each message.
 */
export function messagesSource(block: MessageBlock, filterNow: () => MessageFilter): Source {
  const lanes = block.lanes.map((label) => ({ label }));
  const { messages, notes, operations } = block;
  const [focusFromS, focusToS] = block.focusS;
  // What led to it is of interest too: the two operations before it, and what was sent for them.
  const calls = operations.filter(({ look }) => look !== 'bad').map(({ callS }) => callS);
  const leadS = calls.sort((a, b) => b - a)[1] ?? calls[0] ?? focusFromS;
  const marginS = Math.max(0.002, (focusToS - leadS) * 0.08);
  const all: Item[] = [
    ...messages.map((message, at) => arrowOf(block, message, at)),
    ...notes.map(({ lane, atS, text }, at): Item => ({
      ...{ id: messages.length + at, kind: 'note', lane, toLane: lane, fromS: atS, toS: atS },
      ...{ look: 'note', text },
    })),
    ...operations.map(({ lane, callS, endS, look, text }, at): Item => ({
      ...{ id: messages.length + notes.length + at, kind: 'bar', lane, toLane: lane, look, text },
      ...{ fromS: callS, toS: endS ?? Infinity },
    })),
  ].sort((a, b) => a.fromS - b.fromS);
  return {
    ...{ startS: block.fromS, endS: block.toS, faults: block.faults, laneScale: 2 },
    first: [Math.max(block.fromS, Math.min(leadS, focusFromS) - marginS), focusToS + marginS],
    scene(fromS, toS) {
      const filter = filterNow();
      const items = all.filter((item) => {
        if (item.fromS > toS || (item.toS === Infinity ? item.fromS + 1 : item.toS) < fromS)
          return false;
        const message = messages[item.id];
        return item.kind !== 'arrow' || message === undefined || passes(block, message, filter);
      });
      const arrows = items.filter(({ kind }) => kind === 'arrow').length;
      return {
        lanes,
        items,
        note: `${arrows.toLocaleString('en-US')} messages in sight. ${block.shown}`,
      };
    },
    tell: (id) => tellMessage(block, id),
  };
}

function isRoutine(kind: string): boolean {
  return /heartbeat|alive|ping/i.test(kind);
}

function passes(block: MessageBlock, message: MessageItem, filter: MessageFilter): boolean {
  if (filter === 'all') return true;
  if (filter === 'eventful') return !isRoutine(block.kinds[message.kind] ?? '');
  return message.kind === filter;
}

function arrowOf(block: MessageBlock, message: MessageItem, id: number): Item {
  const { from, to, sentS, arrivedS, kind } = message;
  const isAnswer = /reply|refusal|answer|ack|promise|accepted/i.test(block.kinds[kind] ?? '');
  return {
    ...{ id, kind: 'arrow', lane: from, toLane: to, fromS: sentS, toS: arrivedS ?? Infinity },
    look: arrivedS === null ? 'lost' : isAnswer ? 'answer' : 'ok',
    text: block.kinds[kind] ?? '',
  };
}

function tellMessage(block: MessageBlock, id: number): string {
  const { messages, notes, operations, lanes, kinds } = block;
  const message = messages[id];
  if (message !== undefined) {
    const { from, to, sentS, arrivedS, kind, text } = message;
    const way =
      arrivedS === null
        ? 'it never arrived'
        : `it arrived ${((arrivedS - sentS) * 1e3).toFixed(3)} ms later`;
    return `${kinds[kind] ?? ''} from ${lanes[from] ?? ''} to ${lanes[to] ?? ''}\n${text}\nsent at ${sentS.toFixed(6)} s, ${way}`;
  }
  const note = notes[id - messages.length];
  if (note !== undefined)
    return `${lanes[note.lane] ?? ''} says at ${note.atS.toFixed(6)} s:\n${note.text}`;
  return operations[id - messages.length - notes.length]?.tell ?? '';
}

export const messageFunctions: readonly string[] = [
  ...[messagesSource, isRoutine, passes, arrowOf, tellMessage],
].map(String);
