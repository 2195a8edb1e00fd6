import type { NodeStatus } from '../../core/system.ts';
import { type Metric, metricName, metricsContentType, metricsText } from './metrics.ts';
import { type Page, type Pages, text } from './server.ts';

/** What the pages are made from. */
export interface Report {
  /** Why this node cannot serve, or null when it can. */
  unhealthy(): string | null;
  /** Null before the log is recovered. */
  status(): NodeStatus | null;
  /** Which of the counters go up and down. */
  readonly gauges: ReadonlySet<string>;
}

export function pagesOf(report: Report): Pages {
  return {
    '/healthz': () => {
      const reason = report.unhealthy();
      return reason === null ? text(200, 'ok') : text(503, reason);
    },
    '/status': () => withStatus(report, (status) => json(status)),
    '/metrics': () =>
      withStatus(report, (status) => ({
        status: 200,
        contentType: metricsContentType,
        body: metricsText(metricsOf(status, report.gauges)),
      })),
  };
}

function withStatus(report: Report, page: (status: NodeStatus) => Page): Page {
  const status = report.status();
  return status === null ? text(503, report.unhealthy() ?? 'not ready') : page(status);
}

function json(value: unknown): Page {
  return { status: 200, contentType: 'application/json', body: `${JSON.stringify(value)}\n` };
}

const roles = ['leader', 'follower', 'candidate', 'other'] as const;

function metricsOf(status: NodeStatus, gauges: ReadonlySet<string>): readonly Metric[] {
  const gauge = (name: string, help: string, value: number): Metric => ({
    ...{ name: metricName('dtest', name), help, type: 'gauge', samples: [{ value }] },
  });
  const counters = Object.entries(status.counters).map(([name, value]): Metric => {
    const isGauge = gauges.has(name);
    return {
      name: metricName('dtest', name, ...(isGauge ? [] : ['total'])),
      help: `The node's count of ${name}.`,
      type: isGauge ? 'gauge' : 'counter',
      samples: [{ value }],
    };
  });
  return [
    {
      name: 'dtest_node_info',
      help: 'Which node this is, and which it takes for the leader.',
      type: 'gauge',
      samples: [{ labels: { id: status.id, leader: status.leader ?? '' }, value: 1 }],
    },
    {
      name: 'dtest_role',
      help: 'One for the role that the node has now.',
      type: 'gauge',
      samples: roles.map((role) => ({ labels: { role }, value: role === status.role ? 1 : 0 })),
    },
    gauge('term', 'The Raft term or the round of the Paxos ballot.', status.term),
    gauge('commit_index', 'The last entry known to be agreed on.', status.commitIndex),
    gauge('applied_index', 'The last entry in the state machine.', status.appliedIndex),
    ...counters,
  ];
}
