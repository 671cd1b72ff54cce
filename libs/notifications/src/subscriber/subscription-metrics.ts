import type { RoleMetrics, Samples } from '@level-one/platform';
import type { LedgerSubscriber } from './ledger-subscriber.js';

/** Exports how far a role is with the events of the ledgers that it follows. */
export function measureSubscriptions(metrics: RoleMetrics, subscribers: readonly LedgerSubscriber[]): void {
  const each = (valueOf: (subscriber: LedgerSubscriber) => number) => (): Samples =>
    subscribers.map((subscriber) => ({ value: valueOf(subscriber), labels: { subscription: subscriber.name } }));
  metrics.readAs(
    'levelone_subscription_live',
    each(({ isLive }) => Number(isLive)),
  );
  metrics.readAs(
    'levelone_subscription_received_sequence',
    each(({ progress }) => Number(progress.receivedUpTo ?? 0n)),
  );
  metrics.readAs(
    'levelone_subscription_handled_sequence',
    each(({ progress }) => Number(progress.handledUpTo ?? 0n)),
  );
  metrics.readAs(
    'levelone_subscription_backlog_events',
    each(({ progress }) => progress.backlog),
  );
  metrics.readAs(
    'levelone_subscription_lag_seconds',
    each(({ progress }) => progress.oldestWaitsMs / 1_000),
  );
  metrics.readAs(
    'levelone_subscription_given_up_total',
    each(({ progress }) => progress.givenUp),
  );
}
