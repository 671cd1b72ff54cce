import { Alert, Anchor } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';

/** Says that a change was proposed, and where a second person approves it. */
export function ProposedNote() {
  const { t } = useTranslation();
  return (
    <Alert color="lagoon" variant="light" mb="md" role="status" title={t('operator.proposed')}>
      {t('operator.proposedDo')}{' '}
      <Anchor component={Link} href="/operator/changes" size="sm">
        {t('operator.nav.changes')}
      </Anchor>
    </Alert>
  );
}
