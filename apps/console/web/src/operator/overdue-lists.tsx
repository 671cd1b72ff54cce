import { Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { BY_NEXT, type OpenKind, type OverdueRow, useOperatorPages } from '../api/operator';
import { queryString } from '../api/request';
import { PaymentLink } from '../payments/payment-links';
import { DataTable } from '../ui/data-table';
import { Loaded, MoreButton } from '../ui/loading';
import { formatAge, formatTime } from '../ui/times';
import { useOpenWords } from '../ui/use-open-words';

/** Kinds whose ids are those of payments. */
const OF_PAYMENTS: ReadonlySet<string> = new Set([
  'payment',
  'incoming-payment',
  'issued-payment',
  'quote',
  'reservation',
  'transfer',
  'charge',
  'claim',
  'late-source',
]);

type Place = Pick<OpenKind, 'dfsp' | 'role' | 'kind'>;
const nameOf = ({ dfsp, role, kind }: Place) => `${dfsp} ${role} ${kind}`;

/** What should have ended, in a list for each role and kind. */
export function OverdueLists({ open }: { open: readonly OpenKind[] }) {
  const places = new Map(open.filter(({ overdue }) => overdue > 0).map((row) => [nameOf(row), row]));
  return [...places].map(([name, place]) => <OverdueList key={name} place={place} />);
}

function OverdueList({ place }: { place: Place }) {
  const { t } = useTranslation();
  const words = useOpenWords();
  const { dfsp, role, kind } = place;
  const path = `open/overdue${queryString({ dfsp: dfsp ?? undefined, role, kind })}`;
  const rows = useOperatorPages<{ entries: OverdueRow[]; next: string | null }>(path, BY_NEXT);
  const title = t('operator.lateAt', { role: `${dfsp ?? t('diagram.centre')}/${role}` });
  return (
    <section aria-label={`${title}: ${kind}`}>
      <Title order={2} size="h4" mb="xs">
        {title}
      </Title>
      <Loaded query={rows}>
        {({ pages }) => (
          <DataTable
            label={`${title}: ${kind}`}
            rows={pages.flatMap(({ entries }) => entries)}
            keyOf={({ id, state }) => `${id} ${state}`}
            columns={[
              {
                head: t('operator.late'),
                cell: ({ id }) =>
                  OF_PAYMENTS.has(kind) ? <PaymentLink paymentId={id} /> : <span className="mono">{id}</span>,
              },
              { head: t('operator.kind'), cell: (row) => words(row).what },
              { head: t('operator.due'), cell: ({ due }) => (due === null ? '–' : formatTime(due)) },
              { head: t('operator.age'), cell: ({ ageS }) => formatAge(ageS), isNumber: true },
            ]}
          />
        )}
      </Loaded>
      <MoreButton pages={rows} />
    </section>
  );
}
