import { Alert, Anchor, Group, Spoiler, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { PaymentView, ShownPayment } from '../api/payments';
import { type Arrow, firstFailureOf } from '../diagram/arrows';
import type { Reason, RefusedPayment } from '../ui/refusals-in-words';
import { isOfFault, useReasonWords } from '../ui/use-reason-words';
import { formatTime } from '../ui/times';
import styles from './payments.module.css';
import { useReasonNumbers } from './reason-numbers';
import type { UnpaidEnd } from './unpaid-end';
import { useStepWords } from './use-step-words';

/** How a payment stands that is not paid on all ledgers; `halfway`: the payee has the money. */
export type Outcome = 'ended' | 'open' | 'halfway' | 'unbegun';

/** For operators: what happened to a payment that is not paid, where the money is, which step failed first, what to do. */
export function OutcomeNote({
  outcome,
  end,
  reason,
  views,
  refusal,
  arrows,
  away,
}: {
  outcome: Outcome;
  /** Of a payment that nobody made. */
  end?: UnpaidEnd;
  /** As the payer's DFSP gave it. */
  reason?: Reason;
  views: readonly PaymentView[];
  /** Of a payment that was not begun. */
  refusal?: ShownPayment['refusal'] | null;
  arrows: readonly Arrow[];
  /** Roles that could not be read now. */
  away: readonly string[];
}) {
  const { t } = useTranslation();
  const step = useFirstFailure(arrows);
  const refused = firstFailureOf(arrows)?.arrow;
  const payment = { views, ...(refused?.status && { failedAt: refused.to, failedWith: refused.refusal?.id }) };
  const { title, what, todo } = useOutcomeWords(payment)(outcome, end, reason);
  const numbers = useReasonNumbers(reason, payment, refusal);
  const rows = [
    [t('outcomes.what'), what],
    [t('outcomes.numbers'), numbers],
    [t('outcomes.money'), t(`outcomes.moneyOf.${outcome}`)],
    [t('outcomes.step'), step],
    [t('outcomes.away'), away.join(', ')],
    [t('outcomes.todo'), todo],
  ];
  return (
    <Alert color={outcome === 'ended' || reason ? 'red' : 'orange'} variant="light" radius="md" title={title}>
      <dl className={styles.terms}>
        {rows.map(([head, text]) => text && [<dt key={`${head} head`}>{head}</dt>, <dd key={head}>{text}</dd>])}
      </dl>
      {reason && isOfFault(reason) && (
        <Group gap="md" mt="xs">
          <Anchor component={Link} href="/faults" size="sm">
            {t('outcomes.faults')}
          </Anchor>
          <Anchor component={Link} href="/operator/audit" size="sm">
            {t('outcomes.audit')}
          </Anchor>
        </Group>
      )}
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

interface OutcomeWords {
  title: string;
  what: string;
  todo: string;
}

function useOutcomeWords(
  payment: RefusedPayment,
): (outcome: Outcome, end?: UnpaidEnd, reason?: Reason) => OutcomeWords {
  const { t } = useTranslation();
  const words = useReasonWords();
  return (outcome, end, reason) => {
    if (end && isOfEnd(reason)) {
      const { kind, at, priceUntil } = end;
      const what = t(`outcomes.unpaid.${kind}.what`, { time: formatTime(at) });
      const until = priceUntil === undefined ? '' : t('outcomes.unpaid.priceUntil', { time: formatTime(priceUntil) });
      return {
        title: t(`outcomes.unpaid.${kind}.title`),
        what: `${what} ${until}`.trim(),
        todo: t(`outcomes.unpaid.${kind}.todo`),
      };
    }
    const title = t(`outcomes.title.${outcome === 'halfway' ? 'open' : outcome}`);
    if (reason) {
      const { what, todo } = words(reason, payment);
      if (!end || !isOver(end)) return { title, what, todo };
      const then = t(`outcomes.unpaid.${end.kind}.what`, { time: formatTime(end.at) });
      return { title, what: `${what} ${then}`, todo: t(`outcomes.unpaid.${end.kind}.todo`) };
    }
    if (outcome === 'unbegun') return { title, what: t('outcomes.unbegunWhat'), todo: t('outcomes.unbegunTodo') };
    return { title, what: t('outcomes.openWhat'), todo: t('outcomes.openTodo') };
  };
}

/** Whether a refusal, if there was one, says no more than how the invoice or the price ended. */
const isOfEnd = (reason: Reason | undefined): boolean =>
  reason === undefined || reason.id === 'InvoiceNotPendingError' || reason.id === 'QuoteExpiredError';

/** Whether nothing can be paid any more, whatever the reason was. */
const isOver = ({ kind }: UnpaidEnd): boolean => kind !== 'unanswered' && kind !== 'priceExpired';

function useFirstFailure(arrows: readonly Arrow[]): string | undefined {
  const words = useStepWords();
  const failure = firstFailureOf(arrows);
  if (!failure) return undefined;
  const { arrow, count } = failure;
  return words({ ...arrow, hop: arrow.hop ?? arrow.method }, count);
}
