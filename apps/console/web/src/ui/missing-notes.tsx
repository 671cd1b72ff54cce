import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { MissingPart } from '../api/payments';

/** Which roles could not be read, so that what they keep is not taken for nothing. */
export function MissingNotes({ missing }: { missing: readonly MissingPart[] }) {
  const { t } = useTranslation();
  return (
    <>
      {missing.map(({ dfsp, role, reason }) => (
        <Text key={`${dfsp} ${role}`} size="sm" c="var(--frame)" role="status">
          {t('payment.missing', { role: `${dfsp ?? t('diagram.centre')}/${role}`, reason })}
        </Text>
      ))}
    </>
  );
}
