import { Anchor, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { type PaymentFilters, type PaymentView, readPayments, type ShownPayment } from '../api/payments';
import { PaymentLink, PaymentSearch } from '../payments/payment-links';
import { useParties } from '../payments/use-parties';
import { useNames } from '../phones/use-names';
import { DataTable } from '../ui/data-table';
import { EmptyNote } from '../ui/empty-note';
import { MoreButton } from '../ui/loading';
import { MissingNotes } from '../ui/missing-notes';
import { formatMoney } from '../ui/money';
import { PageHead } from '../ui/page-head';
import { ProblemNote } from '../ui/problem-note';
import { reasonOfPayment } from '../ui/refusals-in-words';
import { StateBadge } from '../ui/state-badge';
import { formatTime } from '../ui/times';
import { DfspAndTime } from './dfsp-and-time';
import { useListFilters } from './use-list-filters';
import { WhyNot } from './why-not';

const FILTERS = ['state', 'dfsp', 'from', 'to', 'text'] as const;
const STATES = ['pending', 'executed', 'rejected', 'expired', 'failed', 'notBegun'] as const;

/** Payments of all DFSPs, by state, DFSP, time and text. */
export function PaymentsPage() {
  const { t } = useTranslation();
  const [filters, change] = useListFilters<PaymentFilters>(FILTERS);
  const [settled] = useDebouncedValue(filters, 300);
  const payments = useInfiniteQuery({
    queryKey: ['operator', 'payments', settled],
    queryFn: ({ pageParam }) => readPayments(settled, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    retry: false,
  });
  const rows = payments.data?.pages.flatMap((page) => page.payments) ?? [];
  return (
    <>
      <PageHead title={t('operator.nav.payments')} lead={t('operator.lead.payments')}>
        <PaymentSearch />
      </PageHead>
      <Stack gap="md">
        <Group gap="sm" align="flex-end">
          <NativeSelect
            label={t('operator.state')}
            value={filters.state ?? ''}
            data={[
              { value: '', label: t('operator.any') },
              ...STATES.map((value) => ({ value, label: t(`state.${value}`) })),
            ]}
            onChange={(event) => change({ state: event.currentTarget.value })}
          />
          <DfspAndTime filters={filters} change={change} />
          <TextInput
            label={t('operator.search')}
            placeholder={t('operator.textHint')}
            w={{ base: '100%', sm: 230 }}
            value={filters.text ?? ''}
            onChange={(event) => change({ text: event.currentTarget.value })}
          />
        </Group>
        {payments.isError && <ProblemNote error={payments.error} retry={() => void payments.refetch()} />}
        <MissingNotes missing={payments.data?.pages.at(-1)?.missing ?? []} />
        {payments.data && (rows.length > 0 ? <PaymentsTable rows={rows} /> : <NonFits filters={settled} />)}
        <Text size="sm" c="dimmed">
          {t('operator.paymentsHint')}
        </Text>
        <MoreButton pages={payments} />
      </Stack>
    </>
  );
}

/** Says what can be searched, and where else to look: what was refused early has no payment. */
function NonFits({ filters: { dfsp, from, to } }: { filters: PaymentFilters }) {
  const { t } = useTranslation();
  const given = Object.entries({ dfsp, from, to }).flatMap(([name, value]) => (value ? [[name, value]] : []));
  const query = new URLSearchParams(given).toString();
  return (
    <div className="panel">
      <EmptyNote title={t('operator.noPayments')} text={t('operator.noPaymentsDo')}>
        <Anchor component={Link} href={`/operator/refused${query && `?${query}`}`} size="sm">
          {t('operator.noPaymentsRefused')}
        </Anchor>
      </EmptyNote>
    </div>
  );
}

function PaymentsTable({ rows }: { rows: readonly ShownPayment[] }) {
  const { t } = useTranslation();
  return (
    <DataTable
      label={t('operator.nav.payments')}
      rows={rows}
      keyOf={({ paymentId }) => paymentId}
      columns={[
        { head: t('operator.begun'), cell: ({ createdAt }) => formatTime(createdAt) },
        { head: t('payment.title'), cell: ({ paymentId }) => <PaymentLink paymentId={paymentId} /> },
        {
          head: t('operator.sides.debit'),
          cell: ({ views, refusal }) =>
            refusal ? (
              <Named number={refusal.asked?.payer} dfsp={refusal.dfsp} />
            ) : (
              <PartyOf views={views} side="debit" />
            ),
        },
        {
          head: t('operator.sides.credit'),
          cell: ({ views, refusal }) =>
            refusal?.asked ? (
              <Named number={refusal.asked.payee} dfsp={refusal.asked.payeeDfsp ?? ''} />
            ) : (
              <PartyOf views={views} side="credit" />
            ),
        },
        {
          head: t('phone.amount'),
          cell: ({ views: [view], refusal }) => {
            const money = view ?? refusal?.asked;
            return money && formatMoney(money.amount, money.currency);
          },
          isNumber: true,
        },
        { head: t('operator.state'), cell: ({ state }) => <StateBadge state={state} /> },
        {
          head: t('operator.reason'),
          cell: ({ views, refusal }) => <WhyNot reason={reasonOf(views, refusal)} payment={{ views }} />,
        },
      ]}
    />
  );
}

const reasonOf = (views: readonly PaymentView[], refusal: ShownPayment['refusal']) =>
  refusal ? { id: refusal.id ?? undefined } : reasonOfPayment(views);

function PartyOf({ views, side }: { views: readonly PaymentView[]; side: PaymentView['side'] }) {
  const party = useParties()(views, side);
  return party ? <NameAndDfsp name={party.name} dfsp={party.dfsp ?? ''} /> : <>–</>;
}

function Named({ number, dfsp }: { number?: string; dfsp: string }) {
  const names = useNames();
  return <NameAndDfsp name={names(number)} dfsp={dfsp} />;
}

const NameAndDfsp = ({ name, dfsp }: { name: string; dfsp: string }) => (
  <>
    <span style={{ whiteSpace: 'nowrap' }}>{name}</span>
    <Text size="xs" c="dimmed">
      {dfsp}
    </Text>
  </>
);
