import { Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'wouter';
import { type PaymentFilters, type PaymentView, readPayments, type ShownPayment } from '../api/payments';
import { PaymentLink, PaymentSearch } from '../payments/payment-links';
import { useNames } from '../phones/use-names';
import { DataTable } from '../ui/data-table';
import { MoreButton } from '../ui/loading';
import { MissingNotes } from '../ui/missing-notes';
import { formatMoney } from '../ui/money';
import { PageHead } from '../ui/page-head';
import { ProblemNote } from '../ui/problem-note';
import { reasonOfPayment } from '../ui/refusals-in-words';
import { StateBadge } from '../ui/state-badge';
import { formatTime } from '../ui/times';
import { DfspAndTime } from './dfsp-and-time';
import { WhyNot } from './why-not';

const STATES = ['pending', 'executed', 'rejected', 'expired', 'failed', 'notBegun'] as const;

/** Payments of all DFSPs, by state, DFSP, time and text. */
export function PaymentsPage() {
  const { t } = useTranslation();
  const [filters, change] = useFilters();
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
        {payments.data && <PaymentsTable rows={rows} />}
        <Text size="sm" c="dimmed">
          {t('operator.paymentsHint')}
        </Text>
        <MoreButton pages={payments} />
      </Stack>
    </>
  );
}

const FILTERS = ['state', 'dfsp', 'from', 'to', 'text'] as const;

/** Filters, which are in the address too: who comes back finds them again. */
function useFilters(): [PaymentFilters, (part: Partial<PaymentFilters>) => void] {
  const [search, setSearch] = useSearchParams();
  const [filters, setFilters] = useState<PaymentFilters>(() =>
    Object.fromEntries(FILTERS.flatMap((name) => (search.has(name) ? [[name, search.get(name)]] : []))),
  );
  const change = (part: Partial<PaymentFilters>) => {
    const next = { ...filters, ...part };
    setFilters(next);
    const given = FILTERS.flatMap((name) => (next[name] ? [[name, next[name]]] : []));
    setSearch(new URLSearchParams(given), { replace: true });
  };
  return [filters, change];
}

function PaymentsTable({ rows }: { rows: readonly ShownPayment[] }) {
  const { t } = useTranslation();
  return (
    <DataTable
      label={t('operator.nav.payments')}
      rows={rows}
      keyOf={({ paymentId }) => paymentId}
      empty={t('operator.noPayments')}
      columns={[
        { head: t('operator.begun'), cell: ({ createdAt }) => formatTime(createdAt) },
        { head: t('payment.title'), cell: ({ paymentId }) => <PaymentLink paymentId={paymentId} /> },
        {
          head: t('operator.sides.debit'),
          cell: ({ views, refusal }) =>
            refusal ? (
              <Named number={refusal.asked?.payer} dfsp={refusal.dfsp} />
            ) : (
              <Party view={viewOf(views, 'debit')} />
            ),
        },
        {
          head: t('operator.sides.credit'),
          cell: ({ views, refusal }) =>
            refusal?.asked ? (
              <Named number={refusal.asked.payee} dfsp={refusal.asked.payeeDfsp ?? ''} />
            ) : (
              <Party view={viewOf(views, 'credit')} />
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

const viewOf = (views: readonly PaymentView[], side: PaymentView['side']) => views.find((view) => view.side === side);

const Party = ({ view }: { view?: PaymentView }) =>
  view ? <Named number={view.record.customer.identifier} dfsp={view.dfsp} /> : <>–</>;

function Named({ number, dfsp }: { number?: string; dfsp: string }) {
  const names = useNames();
  return (
    <>
      <span style={{ whiteSpace: 'nowrap' }}>{names(number)}</span>
      <Text size="xs" c="dimmed">
        {dfsp}
      </Text>
    </>
  );
}
