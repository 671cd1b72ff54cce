import { Badge, Button, Group, List, Stack, Text, Title } from '@mantine/core';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import {
  type Difference,
  type LedgerInvariants,
  type Reconciliation,
  useOperator,
  useOperatorCall,
  useReconciliation,
} from '../api/operator';
import { request } from '../api/request';
import { PaymentLink } from '../payments/payment-links';
import { DataTable } from '../ui/data-table';
import { Loaded } from '../ui/loading';
import { MissingNotes } from '../ui/missing-notes';
import { PageHead } from '../ui/page-head';
import { ProblemNote } from '../ui/problem-note';
import { formatTime } from '../ui/times';
import styles from './operator.module.css';

/** Whether the books agree with each other, and each with its own rules. */
export function ChecksPage() {
  const { t } = useTranslation();
  return (
    <Stack gap="xl">
      <div>
        <PageHead title={t('operator.nav.checks')} lead={t('operator.lead.checks')} />
        <Invariants />
      </div>
      <Reconciling />
    </Stack>
  );
}

function Invariants() {
  const { t } = useTranslation();
  const invariants = useOperator<{ ledgers: LedgerInvariants[] }>('invariants', false);
  return (
    <section aria-label={t('operator.invariants')}>
      <Title order={2} size="h3" mb="sm">
        {t('operator.invariants')}
      </Title>
      <Loaded query={invariants}>
        {(data) => (
          <div className={styles.tiles}>
            {data.ledgers.map(({ ledger, isKept, checked, problems }) => (
              <div key={ledger} className={`panel ${styles.tile}`}>
                <Text size="sm" c="dimmed">
                  {ledger === 'centre' ? t('ledgers.centre') : t('ledgers.ledgerOf', { name: ledger })}
                </Text>
                <Badge color={isKept ? 'green' : 'red'} variant="light" tt="none" mt={4}>
                  {isKept ? t('operator.kept', { count: checked }) : t('operator.broken')}
                </Badge>
                {problems.length > 0 && (
                  <List size="sm" mt="xs">
                    {problems.map((problem) => (
                      <List.Item key={problem}>{problem}</List.Item>
                    ))}
                  </List>
                )}
              </div>
            ))}
          </div>
        )}
      </Loaded>
    </section>
  );
}

function Reconciling() {
  const { t } = useTranslation();
  const reconciliation = useReconciliation();
  const run = useOperatorCall(() => request('/api/reconciliation', { method: 'POST', body: {} }));
  return (
    <section aria-label={t('operator.reconciliation')}>
      <Group justify="space-between" mb="sm">
        <div>
          <Title order={2} size="h3">
            {t('operator.reconciliation')}
          </Title>
          <Text c="dimmed">{t('operator.reconciliationLead')}</Text>
        </div>
        <Button onClick={() => run.mutate()} loading={run.isPending || reconciliation.data?.state === 'running'}>
          {t('operator.reconcile')}
        </Button>
      </Group>
      {run.isError && <ProblemNote error={run.error} />}
      <Loaded query={reconciliation}>
        {(data) => (
          <Stack gap="sm">
            <Text size="sm" c="dimmed" role="status">
              {statusOf(data, t)}
            </Text>
            <MissingNotes missing={data.missing} />
            {data.state === 'done' && <Differences label={t('operator.reconciliation')} rows={data.differences} />}
            {data.open.length > 0 && (
              <>
                <Title order={3} size="h4">
                  {t('operator.notEnded')}
                </Title>
                <Differences label={t('operator.notEnded')} rows={data.open} />
              </>
            )}
          </Stack>
        )}
      </Loaded>
    </section>
  );
}

function Differences({ label, rows }: { label: string; rows: readonly Difference[] }) {
  const { t } = useTranslation();
  return (
    <DataTable
      label={label}
      rows={rows}
      keyOf={(row, index) => `${row.place} ${index}`}
      empty={t('operator.noDifferences')}
      columns={[
        { head: t('operator.place'), cell: ({ place }) => place },
        { head: t('operator.differenceKind'), cell: ({ kind }) => kind },
        { head: t('operator.what'), cell: ({ what }) => what },
        { head: t('operator.cause'), cell: ({ cause }) => cause ?? '' },
        { head: t('operator.todo'), cell: ({ todo }) => todo ?? '' },
        {
          head: t('payment.title'),
          cell: ({ paymentId }) => paymentId && <PaymentLink paymentId={paymentId} />,
        },
      ]}
    />
  );
}

function statusOf({ state, ranAt, compared }: Reconciliation, t: TFunction): string {
  if (state === 'running') return t('operator.running');
  if (state === 'failed') return t('operator.runFailed');
  if (ranAt === null) return t('operator.neverRan');
  return t('operator.ranAt', { time: formatTime(ranAt), count: compared ?? 0 });
}
