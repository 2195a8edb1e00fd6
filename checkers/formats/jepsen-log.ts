import type { Json } from '../../core/json.ts';
import { createAssembler, phaseOf } from './assemble.ts';
import { type Whereabouts } from './bad-input.ts';
import { parseEdn } from './edn.ts';
import type { HistoryFormat } from './format.ts';
import { linesOf } from './lines.ts';

/** Lines of Jepsen's own log; whatever else was logged is skipped. */
const operation = /^INFO\s+jepsen\.util\s+-\s+(\d+)\s+:(invoke|ok|fail|info)\s+:([^\s]+)\s+(.*)$/;

/** `INFO jepsen.util - PROCESS :TYPE :F VALUE`: how Jepsen logged operations around 2015. */
export const jepsenLog: HistoryFormat = {
  name: 'jepsen-log',
  summary: 'log lines such as "INFO jepsen.util - 3 :ok :read 4"; other lines are skipped',
  *read(chunks, { file }) {
    const assembler = createAssembler();
    for (const { text, number } of linesOf(chunks, file)) {
      const match = operation.exec(text);
      if (match === null) continue;
      const [, process = '', type, op = '', value = ''] = match;
      const where = { file, line: number };
      const phase = phaseOf(type, where);
      yield assembler.event(
        { process: Number(process), phase, op, ...valueOf(value, where) },
        where,
      );
    }
  },
};

function valueOf(text: string, where: Whereabouts): { value: Json; error?: string } {
  if (text.startsWith(':timed-out')) return { value: null, error: 'timed-out' };
  return { value: parseEdn(text, where) };
}
