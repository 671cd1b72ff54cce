import { Button, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type NetworkOpen, proposeChange, type Undelivered, useOperator, useOperatorCall } from '../api/operator';
import type { MissingPart } from '../api/payments';
import { DataTable } from '../ui/data-table';
import { Loaded } from '../ui/loading';
import { MissingNotes } from '../ui/missing-notes';
import { PageHead } from '../ui/page-head';
import { ProblemNote } from '../ui/problem-note';
import { formatAge, formatTime } from '../ui/times';
import { useOpenWords, useUndeliveredWords } from '../ui/use-open-words';
import { OverdueLists } from './overdue-lists';
import { WhyNot } from './why-not';

/** What has not ended, what should have, and what could not be delivered. */
export function OpenPage() {
  const { t } = useTranslation();
  const words = useOpenWords();
  const undeliveredWords = useUndeliveredWords();
  const open = useOperator<NetworkOpen>('open');
  const undelivered = useOperator<{ undelivered: Undelivered[]; missing: MissingPart[] }>('undelivered');
  const resend = useOperatorCall(({ dfsp, role, id }: Undelivered) =>
    proposeChange({ kind: 'resend', parameters: { dfsp, role, id } }),
  );
  return (
    <Stack gap="xl">
      <div>
        <PageHead title={t('operator.nav.open')} lead={t('operator.lead.open')} />
        <Loaded query={open}>
          {(data) => (
            <Stack gap="md">
              <DataTable
                label={t('operator.nav.open')}
                rows={data.open.filter(({ count }) => count > 0)}
                keyOf={(row, index) => `${row.dfsp} ${row.role} ${row.kind} ${row.state} ${index}`}
                empty={t('operator.nothingOpen')}
                columns={[
                  { head: t('operator.roleName'), cell: ({ dfsp, role }) => `${dfsp ?? t('diagram.centre')}/${role}` },
                  { head: t('operator.kind'), cell: (row) => <b>{words(row).what}</b> },
                  { head: t('operator.count'), cell: ({ count }) => count, isNumber: true },
                  { head: t('operator.overdue'), cell: (row) => <Overdue count={row.overdue} />, isNumber: true },
                  {
                    head: t('operator.oldest'),
                    cell: ({ oldestAgeS }) => (oldestAgeS === null ? '–' : formatAge(oldestAgeS)),
                    isNumber: true,
                  },
                  { head: t('operator.ends'), cell: (row) => words(row).ends },
                ]}
              />
              <MissingNotes missing={data.missing} />
              <OverdueLists open={data.open} />
            </Stack>
          )}
        </Loaded>
      </div>
      <section aria-label={t('operator.undelivered')}>
        <Title order={2} size="h3">
          {t('operator.undelivered')}
        </Title>
        <Text c="dimmed" mb="md">
          {t('operator.undeliveredLead')}
        </Text>
        {resend.isError && <ProblemNote error={resend.error} />}
        <Loaded query={undelivered}>
          {(data) => (
            <Stack gap="md">
              <MissingNotes missing={data.missing} />
              <DataTable
                label={t('operator.undelivered')}
                rows={data.undelivered}
                keyOf={({ id }) => id}
                empty={t('operator.allDelivered')}
                columns={[
                  { head: t('operator.since'), cell: ({ since }) => (since ? formatTime(since) : '–') },
                  { head: t('operator.roleName'), cell: ({ dfsp, role }) => `${dfsp}/${role}` },
                  { head: t('operator.kind'), cell: ({ kind }) => undeliveredWords(kind) },
                  { head: t('operator.to_'), cell: ({ to }) => to ?? '–' },
                  { head: t('operator.state'), cell: ({ state }) => undeliveredWords(state) },
                  { head: t('operator.attempts'), cell: ({ attempts }) => attempts ?? '–', isNumber: true },
                  { head: t('operator.reason'), cell: ({ error }) => error && <WhyNot reason={{ id: error }} /> },
                  {
                    head: t('operator.action'),
                    cell: (row) => (
                      <Button size="xs" variant="default" onClick={() => resend.mutate(row)}>
                        {t('operator.resend')}
                      </Button>
                    ),
                  },
                ]}
              />
            </Stack>
          )}
        </Loaded>
      </section>
    </Stack>
  );
}

function Overdue({ count }: { count: number }) {
  return (
    <Text span size="sm" c={count > 0 ? 'var(--bad)' : undefined} fw={count > 0 ? 650 : undefined}>
      {count}
    </Text>
  );
}
