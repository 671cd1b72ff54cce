import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Arrow } from './arrows';
import { HopDetail } from './hop-detail';

/** A place for the words of a step beside the drawing. */
export function HopPanel({ arrow }: { arrow: Arrow | null }) {
  const { t } = useTranslation();
  if (arrow) return <HopDetail arrow={arrow} />;
  return (
    <Stack p="md">
      <Text size="sm" c="dimmed">
        {t('diagram.selectHint')}
      </Text>
    </Stack>
  );
}
