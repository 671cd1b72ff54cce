import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** What solid, dashed and red arrows mean. */
export function Legend() {
  const { t } = useTranslation();
  return (
    <Group gap="md" aria-hidden>
      <LegendLine color="var(--accent)" text={t('diagram.legendRequest')} />
      <LegendLine color="var(--frame)" text={t('diagram.legendFrame')} isDashed />
      <LegendLine color="var(--bad)" text={t('diagram.legendError')} />
    </Group>
  );
}

function LegendLine({ color, text, isDashed = false }: { color: string; text: string; isDashed?: boolean }) {
  return (
    <Group gap={6}>
      <svg width="22" height="8">
        <line
          x1="0"
          x2="22"
          y1="4"
          y2="4"
          stroke={color}
          strokeWidth="1.75"
          strokeDasharray={isDashed ? '4 3' : undefined}
        />
      </svg>
      <Text size="xs" c="dimmed">
        {text}
      </Text>
    </Group>
  );
}
