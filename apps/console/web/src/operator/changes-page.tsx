import { Button, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSession } from '../api/network';
import { BY_NEXT, type Change, decideChange, useOperatorCall, useOperatorPages } from '../api/operator';
import { DataTable } from '../ui/data-table';
import { Loaded, MoreButton } from '../ui/loading';
import { PageHead } from '../ui/page-head';
import { ProblemNote } from '../ui/problem-note';
import { formatTime } from '../ui/times';

/** Changes that move money or participants: one person proposes, another one approves. */
export function ChangesPage() {
  const { t } = useTranslation();
  const { data: session } = useSession();
  const changes = useOperatorPages<{ changes: Change[]; next: string | null }>('changes', BY_NEXT);
  const decide = useOperatorCall(decideChange);
  return (
    <>
      <PageHead title={t('operator.nav.changes')} lead={t('operator.lead.changes')} />
      {decide.isError && <ProblemNote error={decide.error} />}
      <Loaded query={changes}>
        {(data) => (
          <DataTable
            label={t('operator.nav.changes')}
            rows={data.pages.flatMap((page) => page.changes)}
            keyOf={({ id }) => id}
            empty={t('operator.noChanges')}
            columns={[
              { head: t('operator.begun'), cell: ({ proposedAt }) => formatTime(proposedAt) },
              { head: t('operator.what'), cell: ({ kind }) => t(`operator.change.${kind}`) },
              {
                head: t('operator.subject'),
                cell: ({ parameters }) => Object.values(parameters).map(String).join(' '),
              },
              { head: t('operator.proposedBy'), cell: ({ proposedBy }) => proposedBy },
              { head: t('operator.state'), cell: ({ state, outcome }) => outcome ?? state },
              { head: t('operator.decidedBy'), cell: ({ decidedBy }) => decidedBy ?? '–' },
              {
                head: t('operator.action'),
                cell: (change) =>
                  change.state === 'proposed' && (
                    <Decision
                      isOwn={change.proposedBy === session?.user?.name}
                      onDecide={(decision) => decide.mutate({ id: change.id, decision })}
                    />
                  ),
              },
            ]}
          />
        )}
      </Loaded>
      <MoreButton pages={changes} />
    </>
  );
}

function Decision({ isOwn, onDecide }: { isOwn: boolean; onDecide: (decision: 'approve' | 'reject') => void }) {
  const { t } = useTranslation();
  if (isOwn) return <>{t('operator.another')}</>;
  return (
    <Group gap="xs" wrap="nowrap">
      <Button size="xs" onClick={() => onDecide('approve')}>
        {t('operator.approve')}
      </Button>
      <Button size="xs" variant="default" onClick={() => onDecide('reject')}>
        {t('phone.reject')}
      </Button>
    </Group>
  );
}
