/** What a metric is, as `/metrics` and docs/metrics.md say it. */
export interface MetricDefinition {
  type: 'counter' | 'gauge' | 'histogram';
  help: string;
  /** Labels beside `role` and `dfsp`, which every metric has. */
  labels?: readonly string[];
  /** Upper bounds of a histogram. */
  buckets?: readonly number[];
}

const HOP_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 75];

const TABLE = {
  levelone_role_info: {
    type: 'gauge',
    help: '1, with the version of the software',
    labels: ['version', 'node_version'],
  },
  levelone_role_ready: { type: 'gauge', help: 'Whether the role may take work (1) or not (0), as GET /health/ready' },
  levelone_dependency_ready: {
    type: 'gauge',
    help: 'Whether something that the role depends on can be used (1) or not (0)',
    labels: ['dependency'],
  },
  levelone_role_notes: { type: 'gauge', help: 'Things that should be looked at although the role is ready' },

  levelone_hop_duration_seconds: {
    type: 'histogram',
    help: 'Time from a call of another role to its answer, by hop, called role and class of the status (none: no answer)',
    labels: ['hop', 'peer', 'status_class'],
    buckets: HOP_SECONDS,
  },
  levelone_frames_received_total: {
    type: 'counter',
    help: 'Notifications received over a websocket, by hop',
    labels: ['hop'],
  },

  levelone_open_rows: {
    type: 'gauge',
    help: 'Rows that have not ended, as GET /open; read every 10 s at most',
    labels: ['kind', 'state'],
  },
  levelone_open_overdue_rows: {
    type: 'gauge',
    help: 'Rows that should have ended, as GET /open; read every 10 s at most',
    labels: ['kind', 'state'],
  },
  levelone_open_oldest_age_seconds: {
    type: 'gauge',
    help: 'Age of the oldest row that has not ended; 0 without one',
    labels: ['kind', 'state'],
  },

  levelone_work_runs_total: {
    type: 'counter',
    help: 'Runs of background work that have ended, by their outcome: done or failed',
    labels: ['work', 'outcome'],
  },
  levelone_work_rows_total: {
    type: 'counter',
    help: 'Rows that background work has worked on, by the outcome: done or failed (tried again later)',
    labels: ['work', 'outcome'],
  },
  levelone_work_run_seconds_total: { type: 'counter', help: 'Time that background work has taken', labels: ['work'] },
  levelone_work_interval_seconds: {
    type: 'gauge',
    help: 'Pause between two runs of background work',
    labels: ['work'],
  },
  levelone_work_last_run_timestamp_seconds: {
    type: 'gauge',
    help: 'When the last run of background work ended; before the first run when the role started',
    labels: ['work'],
  },

  levelone_admission_waiting_requests: { type: 'gauge', help: 'Requests that wait until they may begin something' },
  levelone_admission_admitted_requests: { type: 'gauge', help: 'Requests that have begun something and are under way' },
  levelone_admission_limit_requests: { type: 'gauge', help: 'How many of them may be under way now' },
  levelone_admission_refused_total: { type: 'counter', help: 'Requests that were refused for too much load' },

  levelone_database_pool_connections: {
    type: 'gauge',
    help: 'Open connections of the pool: used or idle',
    labels: ['state'],
  },
  levelone_database_pool_max_connections: { type: 'gauge', help: 'Maximum of connections of the pool' },
  levelone_database_pool_waiting: { type: 'gauge', help: 'Statements and transactions that wait for a connection' },
  levelone_database_pool_waits_total: {
    type: 'counter',
    help: 'Statements and transactions that had to wait for a connection',
  },
  levelone_database_hot_statements: {
    type: 'gauge',
    help: 'Statements of the hot path without an answer yet, on their own two connections',
  },
  levelone_database_pool_wait_seconds_total: { type: 'counter', help: 'Time waited for connections' },
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof TABLE;

/**
 * Every metric of the roles, beside those of the process. Values of labels come from the code, or are short names of
 * DFSPs: never an id, the account of a customer, a number or a URL. Amounts are in major units, as numbers that may be
 * rounded: for dashboards only.
 */
export const METRICS: Readonly<Record<MetricName, MetricDefinition>> = TABLE;

/** Names of the metrics of one type. */
export type MetricOf<T extends MetricDefinition['type']> = {
  [N in MetricName]: (typeof TABLE)[N]['type'] extends T ? N : never;
}[MetricName];
