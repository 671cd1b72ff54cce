import { Button, Group, Stack, Text, Title } from '@mantine/core';
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { addressOf } from '../api/base-path';
import { useLive } from '../api/live-feed';
import {
  type AskedPayment,
  type PaymentDetails,
  type PaymentView,
  usePaymentDetails,
  usePrice,
  useRefusal,
  useSpans,
  useTimeline,
} from '../api/payments';
import type { PaymentRecord } from '../api/phones';
import { RequestError } from '../api/request';
import { type Arrow, arrowsOf, isRefusedToPhone, laneOf } from '../diagram/arrows';
import { DrawingAndWords, useView, ViewSwitch } from '../diagram/drawing-and-words';
import { Legend } from '../diagram/legend';
import { Steps } from '../diagram/steps';
import { movedAmount } from '../phones/moved-amount';
import { useNames } from '../phones/use-names';
import { CopyText } from '../ui/copy-text';
import { EmptyNote } from '../ui/empty-note';
import { Loaded } from '../ui/loading';
import { formatMoney } from '../ui/money';
import { MissingNotes } from '../ui/missing-notes';
import { PageHead } from '../ui/page-head';
import { ProblemNote } from '../ui/problem-note';
import { type Reason, reasonOfPayment } from '../ui/refusals-in-words';
import { StateBadge } from '../ui/state-badge';
import { formatTime } from '../ui/times';
import { type Outcome, OutcomeNote } from './outcome-note';
import styles from './payments.module.css';
import { BackToList } from './payment-links';
import { TimelineList } from './timeline-list';
import { unpaidEndOf } from './unpaid-end';
import { useParties } from './use-parties';

/** One payment by its id: how it stands, both sides, and every step with why it was made. */
export function PaymentPage({ paymentId }: { paymentId: string }) {
  const { t } = useTranslation();
  const details = usePaymentDetails(paymentId);
  const arrows = useArrows(paymentId, details.data?.state === 'pending');
  const timeline = useTimeline(paymentId, details.data?.state === 'pending');
  // Its price is known, but no DFSP has a payment: it was refused before it began, or never paid.
  const isKnown = arrows.length > 0 || (timeline.data?.entries.length ?? 0) > 0;
  const isUnbegun = isKnown && details.error instanceof RequestError && details.error.status === 404;
  const reason = reasonOf(details.data, arrows);
  const { data: refusal } = useRefusal(paymentId, isUnbegun);
  const { data: price } = usePrice(paymentId, isUnbegun);
  const end = isUnbegun ? unpaidEndOf(timeline.data?.entries ?? []) : undefined;
  const away = (timeline.data?.missing ?? []).map(laneOf);
  const outcome = details.data ? outcomeOf(details.data) : isUnbegun ? 'unbegun' : undefined;
  return (
    <>
      <BackToList />
      <PageHead
        title={t('payment.title')}
        lead={
          <span className="mono" style={{ overflowWrap: 'anywhere' }}>
            {paymentId}
          </span>
        }
      >
        <CopyText text={addressOf(`/payments/${paymentId}`)} label={t('payment.share')} />
        {details.data?.state === 'executed' && (
          <Button component={Link} href={`/payments/${paymentId}/receipt`}>
            {t('phone.receipt')}
          </Button>
        )}
      </PageHead>
      <Stack gap="lg">
        {!isUnbegun && (
          <Loaded query={details}>{({ views, missing }) => <Sides views={views} missing={missing} />}</Loaded>
        )}
        {price && <Asked dfsp={price.dfsp} asked={price.asked} />}
        {outcome && (
          <OutcomeNote
            outcome={outcome}
            end={end}
            reason={reason}
            views={details.data?.views ?? []}
            refusal={refusal}
            arrows={arrows}
            away={away}
          />
        )}
        <PaymentSteps paymentId={paymentId} details={details.data} arrows={arrows} />
      </Stack>
    </>
  );
}

function outcomeOf({ state, views }: PaymentDetails): Outcome | undefined {
  if (state === 'executed') return undefined;
  if (state !== 'pending') return 'ended';
  return views.some((view) => view.side === 'credit' && view.state === 'executed') ? 'halfway' : 'open';
}

/** As the payer's DFSP gave it; of a payment that was never begun, what it answered. */
function reasonOf(details: PaymentDetails | undefined, arrows: readonly Arrow[]): Reason | undefined {
  if (!details) return arrows.findLast(isRefusedToPhone)?.refusal ?? undefined;
  if (outcomeOf(details) !== 'ended') return undefined;
  return reasonOfPayment(details.views) ?? {};
}

/** Who was to pay whom, of a payment that was not begun. */
function Asked({ dfsp, asked }: { dfsp: string; asked: AskedPayment }) {
  const { t } = useTranslation();
  const names = useNames();
  const { payer, payee, payeeDfsp, amount, currency } = asked;
  return (
    <Text>
      {t('payment.asked', {
        amount: formatMoney(amount, currency),
        payer: `${names(payer)} (${payer}, ${dfsp})`,
        payee: `${names(payee)} (${[payee, payeeDfsp].filter((part) => part).join(', ')})`,
      })}
    </Text>
  );
}

/** Steps as they were kept, and while it is open also as they come. */
function useArrows(paymentId: string, isOpen: boolean): Arrow[] {
  const { data: kept } = useSpans(paymentId, isOpen);
  const { traces } = useLive();
  return useMemo(() => {
    const live = traces.flat().filter((span) => span.paymentId === paymentId);
    return arrowsOf([...new Map([...(kept ?? []), ...live].map((span) => [span.spanId, span])).values()]);
  }, [kept, traces, paymentId]);
}

/** Whether a payee's DFSP saw no more than that a payment was not completed in time, which was refused. */
const isUntold = ({ side, state }: PaymentView, views: readonly PaymentView[]): boolean =>
  side === 'credit' && state === 'expired' && views.some((one) => one.side === 'debit' && one.state === 'rejected');

function Sides({ views, missing }: Pick<PaymentDetails, 'views' | 'missing'>) {
  const { t } = useTranslation();
  const hasPayee = views.some(({ side }) => side === 'credit');
  return (
    <div className={styles.sides}>
      {views.map((view) => (
        <SideCard
          key={`${view.dfsp} ${view.side}`}
          view={view}
          note={isUntold(view, views) ? t('payment.untold') : ''}
        />
      ))}
      {!hasPayee && <UntoldPayee views={views} missing={missing} />}
    </div>
  );
}

/** Who was to be paid, of a payment that the payee's DFSP has no record of. */
function UntoldPayee({ views, missing }: Pick<PaymentDetails, 'views' | 'missing'>) {
  const { t } = useTranslation();
  const payee = useParties()(views, 'credit');
  if (!payee) return <></>;
  const { name, dfsp, account } = payee;
  const title = dfsp === undefined ? t('payment.payeeAnywhere') : t('payment.payee', { dfsp });
  const isAway = missing.some((one) => one.role === 'dfsp-api' && (dfsp === undefined || one.dfsp === dfsp));
  return (
    <section className={`panel ${styles.side}`} aria-label={title} data-side="credit">
      <Title order={2} size="sm" c="dimmed">
        {title}
      </Title>
      <Text size="sm">
        {name}
        <Text span c="dimmed">
          {account !== undefined && ` ${t('payment.account', { account })}`}
        </Text>
      </Text>
      <Text size="sm" c="dimmed">
        {t(isAway ? 'payment.payeeAway' : 'payment.noRecord')}
      </Text>
    </section>
  );
}

function SideCard({ view, note }: { view: PaymentView; note: string }) {
  const { t } = useTranslation();
  const names = useNames();
  const { dfsp, side, state, currency, record } = view;
  const title = t(side === 'debit' ? 'payment.payer' : 'payment.payee', { dfsp });
  return (
    <section className={`panel ${styles.side}`} aria-label={title} data-side={side}>
      <Group justify="space-between">
        <Title order={2} size="sm" c="dimmed">
          {title}
        </Title>
        <StateBadge state={state} />
      </Group>
      <Text fz="1.6rem" fw={650} className="figures">
        {formatMoney(movedAmount(record), currency)}
      </Text>
      <Text size="sm">
        {names(record.customer.identifier)}
        <Text span c="dimmed">
          {' '}
          {t('payment.account', { account: record.customer.account })}
        </Text>
      </Text>
      <Text size="sm" c="dimmed" className="figures">
        {[feeOf(record, t), formatTime(record.createdAt)].filter((part) => part !== '').join(' · ')}
      </Text>
      {note !== '' && <Text size="sm">{note}</Text>}
    </section>
  );
}

function feeOf({ side, amount, fee, receiveAmount, currency }: PaymentRecord, t: TFunction): string {
  if (side === 'debit') {
    return fee && Number(fee) !== 0 ? t('payment.fee', { fee: formatMoney(fee, currency) }) : '';
  }
  const isWhole = receiveAmount === undefined || Number(receiveAmount) === Number(amount);
  return isWhole ? '' : t('payment.afterFee', { amount: formatMoney(amount, currency) });
}

function PaymentSteps({
  paymentId,
  details,
  arrows,
}: {
  paymentId: string;
  details?: PaymentDetails;
  arrows: readonly Arrow[];
}) {
  const { t } = useTranslation();
  const timeline = useTimeline(paymentId, details?.state === 'pending');
  const [view, setView] = useView();
  const left = details?.views.find(({ side }) => side === 'debit')?.dfsp ?? '';
  // That there is no such payment is said once, above.
  if (arrows.length === 0 && timeline.error instanceof RequestError && timeline.error.status === 404) return null;
  return (
    <section aria-label={t('payment.steps')}>
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4">
          {t('payment.steps')}
        </Title>
        <Group>
          {view === 'drawing' && <Legend />}
          <ViewSwitch view={view} onChange={setView} />
        </Group>
      </Group>
      <MissingNotes missing={timeline.data?.missing ?? []} />
      {timeline.isError && arrows.length === 0 ? (
        <ProblemNote error={timeline.error} retry={() => void timeline.refetch()} />
      ) : arrows.length === 0 && view === 'drawing' ? (
        <div className="panel">
          <EmptyNote title={t('payment.noSteps')} text={t('payment.noStepsDo')} />
        </div>
      ) : (
        <DrawingAndWords>
          {(onSelect) =>
            view === 'list' && timeline.data ? (
              <TimelineList entries={timeline.data.entries} />
            ) : (
              <Steps arrows={arrows} left={left} view={view} isWide onSelect={onSelect} />
            )
          }
        </DrawingAndWords>
      )}
    </section>
  );
}
