import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** Says that there is nothing, and what to do about it. */
export function EmptyNote({ title, text, children }: { title: string; text?: string; children?: ReactNode }) {
  return (
    <Stack align="center" justify="center" gap={4} py="xl" px="md" ta="center">
      <Text fw={600}>{title}</Text>
      {text && (
        <Text size="sm" c="dimmed" maw={420}>
          {text}
        </Text>
      )}
      {children}
    </Stack>
  );
}
