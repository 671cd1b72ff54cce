import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type AuditEntry, BY_NEXT, useOperatorPages } from '../api/operator';
import { useFaultWords } from '../faults/fault-words';
import { DataTable } from '../ui/data-table';
import { Loaded, MoreButton } from '../ui/loading';
import { PageHead } from '../ui/page-head';
import { formatTime } from '../ui/times';

/** Who did what, the newest first. */
export function AuditPage() {
  const { t } = useTranslation();
  const faultWords = useFaultWords();
  const audit = useOperatorPages<{ entries: AuditEntry[]; next: string | null }>('audit', BY_NEXT);
  return (
    <>
      <PageHead title={t('operator.nav.audit')} lead={t('operator.lead.audit')} />
      <Loaded query={audit}>
        {(data) => (
          <DataTable
            label={t('operator.nav.audit')}
            rows={data.pages.flatMap(({ entries }) => entries)}
            keyOf={({ id }) => id}
            empty={t('operator.noAudit')}
            columns={[
              { head: t('operator.at_'), cell: ({ at }) => formatTime(at) },
              { head: t('operator.who'), cell: ({ who }) => <b>{who}</b> },
              { head: t('operator.what'), cell: ({ action }) => action },
              {
                head: t('operator.subject'),
                cell: ({ subject, detail }) => <Subject id={subject} words={faultWords(detail)} />,
              },
              { head: t('operator.outcome'), cell: ({ outcome }) => outcome },
            ]}
          />
        )}
      </Loaded>
      <MoreButton pages={audit} />
    </>
  );
}

function Subject({ id, words }: { id: string | null; words?: string }) {
  if (words === undefined) return <>{id ?? '–'}</>;
  return (
    <>
      {words}
      <Text size="xs" c="dimmed" className="mono">
        {id}
      </Text>
    </>
  );
}
