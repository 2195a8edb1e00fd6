import type { OpEvent } from '../../core/event.ts';
import type { Json } from '../../core/json.ts';

/** A history from lines such as `0 invoke write 1`; times are places, as in files without times. */
export function brief(text: string): OpEvent[] {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.map((line, index) => {
    const [process = '', phase = '', op = '', ...rest] = line.split(' ');
    const value = (rest.length === 0 ? null : JSON.parse(rest.join(' '))) as Json;
    const event = { index, timeNs: index, process: Number(process), op, value };
    return { ...event, phase: phase as OpEvent['phase'] };
  });
}
