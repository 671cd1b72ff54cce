import { Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** Title of a page, what it is for, and what can be done on it. */
export function PageHead({ title, lead, children }: { title: ReactNode; lead?: ReactNode; children?: ReactNode }) {
  return (
    <Group justify="space-between" align="flex-start" gap="md" mb="md">
      <div style={{ minWidth: 0, flex: '1 1 20rem' }}>
        <Title order={1} size="h2">
          {title}
        </Title>
        {lead && (
          <Text c="dimmed" maw={760} component="div">
            {lead}
          </Text>
        )}
      </div>
      {children && <Group gap="xs">{children}</Group>}
    </Group>
  );
}
