import { Stack, Text, Title } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type ParticipantDetails, useOperator } from '../api/operator';
import { DataTable } from '../ui/data-table';
import { Loaded } from '../ui/loading';
import { formatTime } from '../ui/times';
import styles from './operator.module.css';

/** Which keys of a DFSP are valid now, since when; not their secrets, which nobody keeps. */
export function ValidKeys({ name }: { name: string }) {
  const { t } = useTranslation();
  const details = useOperator<ParticipantDetails>(`participants/${encodeURIComponent(name)}`);
  const title = t('operator.validKeys', { name });
  const head = useRef<HTMLHeadingElement>(null);
  // The list stands below that of all participants, which may be longer than the screen.
  useEffect(() => {
    head.current?.scrollIntoView();
    head.current?.focus({ preventScroll: true });
  }, []);
  return (
    <Stack component="section" aria-label={title} gap="xs" mt="lg">
      <Title order={2} size="h4" ref={head} tabIndex={-1} className={styles.begins}>
        {title}
      </Title>
      <Text size="sm" c="dimmed">
        {t('operator.validKeysHint')}
      </Text>
      <Loaded query={details}>
        {({ credentials, signingKeys }) => (
          <DataTable
            label={title}
            rows={[
              ...credentials.map(({ key, addedAt }) => ({ use: 'credential' as const, key, addedAt })),
              ...signingKeys.map(({ keyId, addedAt }) => ({ use: 'signing' as const, key: keyId, addedAt })),
            ]}
            empty={t('operator.noKeys')}
            keyOf={({ use, key }) => `${use} ${key}`}
            columns={[
              { head: t('operator.keyName'), cell: ({ key }) => <span className="mono">{key}</span> },
              { head: t('operator.keyUse'), cell: ({ use }) => t(`operator.keyUses.${use}`) },
              { head: t('operator.addedAt'), cell: ({ addedAt }) => formatTime(addedAt) },
            ]}
          />
        )}
      </Loaded>
    </Stack>
  );
}
