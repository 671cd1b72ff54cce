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

const PAYMENT_SECONDS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

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

  levelone_clock_skew_seconds: {
    type: 'gauge',
    help: 'Seconds by which the clock of a role that was called in the last ten minutes is surely ahead of the one here, below zero if it is behind; 0 while the answers leave it open',
    labels: ['peer'],
  },

  levelone_payments_total: {
    type: 'counter',
    help: "Payments of customers that ended at a DFSP, by side (payer, payee), outcome (executed, rejected, expired, failed, refused: before it was stored) and reason: an id of the contract's, none, or other",
    labels: ['side', 'outcome', 'reason'],
  },
  levelone_payment_duration_seconds: {
    type: 'histogram',
    help: "Time from the order of a payment to its end, at the payer's DFSP",
    labels: ['outcome'],
    buckets: PAYMENT_SECONDS,
  },

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

  levelone_dead_letters: {
    type: 'gauge',
    help: 'Messages to other systems that could not be delivered and are not tried again, as GET /v1/undelivered',
  },
  levelone_delivery_unwritten_results: {
    type: 'gauge',
    help: 'Results of deliveries that the database did not take yet',
    labels: ['work'],
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

  levelone_subscription_live: {
    type: 'gauge',
    help: 'Whether events of a ledger arrive (1) or not (0)',
    labels: ['subscription'],
  },
  levelone_subscription_received_sequence: {
    type: 'gauge',
    help: "Sequence of the last event received, in the ledger's log; 0 before the first",
    labels: ['subscription'],
  },
  levelone_subscription_handled_sequence: {
    type: 'gauge',
    help: 'Sequence up to which all events received since the start were handled; 0 before the first',
    labels: ['subscription'],
  },
  levelone_subscription_backlog_events: {
    type: 'gauge',
    help: 'Events received and not handled yet',
    labels: ['subscription'],
  },
  levelone_subscription_lag_seconds: {
    type: 'gauge',
    help: 'How long the oldest of them waits; 0 without one',
    labels: ['subscription'],
  },
  levelone_subscription_given_up_total: {
    type: 'counter',
    help: 'Events that were given up, because handling them failed for good',
    labels: ['subscription'],
  },

  levelone_event_log_sequence: { type: 'gauge', help: "Sequence of the last event that was sent, in the ledger's log" },
  levelone_event_subscribers: { type: 'gauge', help: 'Websockets that are connected to this instance of the ledger' },
  levelone_event_subscriber_lag_events: {
    type: 'gauge',
    help: 'How many events the subscriber that is most behind lacks of the log',
  },

  levelone_ledger_transfers_total: {
    type: 'counter',
    help: 'Transfers that entered a state, since the start of this instance',
    labels: ['state'],
  },
  levelone_ledger_lapsed_graces_total: {
    type: 'counter',
    help: 'Transfers whose creditor neither fulfilled nor rejected them in its grace',
  },
  levelone_ledger_open_holds: { type: 'gauge', help: 'Holds for prepared transfers; read every 10 s at most' },
  levelone_ledger_held_amount: {
    type: 'gauge',
    help: 'Sum of the holds, in major units: for dashboards only; read every 10 s at most',
    labels: ['currency'],
  },
  levelone_ledger_queue_commands: { type: 'gauge', help: 'Changes that wait for the next transaction of the ledger' },
  levelone_ledger_commands_total: { type: 'counter', help: 'Changes that were written or refused' },
  levelone_ledger_batches_total: { type: 'counter', help: 'Transactions in which the ledger wrote them' },
  levelone_ledger_batch_seconds_total: { type: 'counter', help: 'Time that these transactions took' },
  levelone_ledger_invariant_violations: {
    type: 'gauge',
    help: 'Rows that broke an invariant at the last check; absent before the first one (INVARIANTS_CHECK_HOURS, GET /invariants)',
  },
  levelone_ledger_invariants_checked_timestamp_seconds: { type: 'gauge', help: 'When the last check ended' },

  levelone_position_amount: {
    type: 'gauge',
    help: 'What a participant is owed over all windows, in major units, below zero if it owes: for dashboards only; read every 10 s at most',
    labels: ['participant', 'currency'],
  },
  levelone_position_held_amount: {
    type: 'gauge',
    help: 'What prepared transfers hold of a participant, in major units: for dashboards only',
    labels: ['participant', 'currency'],
  },
  levelone_net_debit_cap_amount: {
    type: 'gauge',
    help: 'Net debit cap of a participant, in major units: for dashboards only; absent without a cap',
    labels: ['participant', 'currency'],
  },
  levelone_net_debit_cap_used_ratio: {
    type: 'gauge',
    help: 'Part of the net debit cap that is used, what is held included; absent without a cap',
    labels: ['participant'],
  },

  levelone_late_claims: {
    type: 'gauge',
    help: 'What a connector paid forward and could not claim in time, by ledger (own, central) and state of the claim',
    labels: ['ledger', 'state'],
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
