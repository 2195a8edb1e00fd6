import { describe, expect, it } from 'vitest';
import { metricName, metricsText } from './metrics.ts';

describe('metrics', () => {
  it('are escaped as the text format wants it', () => {
    const text = metricsText([
      {
        name: 'dtest_node_info',
        help: 'A \\ and\na line.',
        type: 'gauge',
        samples: [{ labels: { id: 'a"b\\c\nd' }, value: 1 }],
      },
    ]);
    expect(text).toBe(
      '# HELP dtest_node_info A \\\\ and\\na line.\n' +
        '# TYPE dtest_node_info gauge\n' +
        'dtest_node_info{id="a\\"b\\\\c\\nd"} 1\n',
    );
  });

  it.each([
    [NaN, 'NaN'],
    [Infinity, '+Inf'],
    [-Infinity, '-Inf'],
    [0.5, '0.5'],
  ])('show %s as Prometheus does', (value, shown) => {
    const text = metricsText([{ name: 'x', help: 'x', type: 'gauge', samples: [{ value }] }]);
    expect(text.split('\n')[2]).toBe(`x ${shown}`);
  });

  it('have names that Prometheus allows', () => {
    expect(metricName('dtest', 'walMaxBatchPersists', 'total')).toBe(
      'dtest_wal_max_batch_persists_total',
    );
    expect(metricName('9 lives')).toBe('_9_lives');
  });
});
