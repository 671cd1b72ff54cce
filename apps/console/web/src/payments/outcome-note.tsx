import { Alert, Spoiler, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type Arrow, firstFailureOf } from '../diagram/arrows';
import { useHopWords } from '../diagram/use-hop-words';
import { type Reason, useReasonWords } from '../ui/use-reason-words';
import styles from './payments.module.css';

/** How a payment stands that is not paid on all ledgers; `halfway`: the payee has the money. */
export type Outcome = 'ended' | 'open' | 'halfway' | 'unbegun';

/** For operators: what happened to a payment that is not paid, where the money is, which step failed first, what to do. */
export function OutcomeNote({
  outcome,
  reason,
  arrows,
  away,
}: {
  outcome: Outcome;
  /** As the payer's DFSP gave it. */
  reason?: Reason;
  arrows: readonly Arrow[];
  /** Roles that could not be read now. */
  away: readonly string[];
}) {
  const { t } = useTranslation();
  const words = useReasonWords();
  const step = useFirstFailure(arrows);
  const { what, todo } = reason
    ? words(reason)
    : outcome === 'unbegun'
      ? { what: t('outcomes.unbegunWhat'), todo: t('outcomes.unbegunTodo') }
      : { what: t('outcomes.openWhat'), todo: t('outcomes.openTodo') };
  const rows = [
    [t('outcomes.what'), what],
    [t('outcomes.money'), t(`outcomes.moneyOf.${outcome}`)],
    [t('outcomes.step'), step],
    [t('outcomes.away'), away.join(', ')],
    [t('outcomes.todo'), todo],
  ];
  return (
    <Alert
      color={outcome === 'ended' || reason ? 'red' : 'orange'}
      variant="light"
      radius="md"
      title={t(`outcomes.title.${outcome === 'halfway' ? 'open' : outcome}`)}
    >
      <dl className={styles.terms}>
        {rows.map(([head, text]) => text && [<dt key={`${head} head`}>{head}</dt>, <dd key={head}>{text}</dd>])}
      </dl>
      {reason && (
        <Spoiler maxHeight={0} showLabel={t('common.details')} hideLabel={t('common.close')} fz="xs" mt="xs">
          <Text size="xs" className="mono" style={{ overflowWrap: 'anywhere' }}>
            {[reason.id, reason.message].filter((part) => part).join(' · ') || t('payment.noReason')}
          </Text>
        </Spoiler>
      )}
    </Alert>
  );
}

function useFirstFailure(arrows: readonly Arrow[]): string | undefined {
  const { t } = useTranslation();
  const wordsOf = useHopWords();
  const failure = firstFailureOf(arrows);
  if (!failure) return undefined;
  const { arrow, count } = failure;
  const { from, to, hop, status } = arrow;
  const values = { from, to, hop: hop ?? arrow.method, what: wordsOf(hop)?.what ?? t('outcomes.call') };
  if (status !== null) return t('outcomes.failedStep', { ...values, status });
  return count > 1 ? t('outcomes.silentStep', { ...values, count }) : t('outcomes.silentStepOnce', values);
}
