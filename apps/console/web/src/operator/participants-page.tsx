import { Badge, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type Change,
  type ParticipantDetails,
  type ParticipantState,
  proposeChange,
  useOperator,
  useOperatorCall,
} from '../api/operator';
import { DataTable } from '../ui/data-table';
import { Loaded } from '../ui/loading';
import { formatAmount } from '../ui/money';
import { PageHead } from '../ui/page-head';
import { ProblemNote } from '../ui/problem-note';
import { formatTime } from '../ui/times';
import { ProposedNote } from './proposed-note';

/** DFSPs of the network; a suspended one neither pays nor is paid over the centre. */
export function ParticipantsPage() {
  const { t } = useTranslation();
  const participants = useOperator<{ participants: ParticipantState[] }>('participants');
  const propose = useOperatorCall(proposeChange);
  const [shown, setShown] = useState<string | null>(null);
  return (
    <>
      <PageHead title={t('operator.nav.participants')} lead={t('operator.lead.participants')} />
      {propose.isError && <ProblemNote error={propose.error} />}
      {propose.isSuccess && <ProposedNote />}
      <Loaded query={participants}>
        {(data) => (
          <DataTable
            label={t('operator.nav.participants')}
            rows={data.participants}
            keyOf={({ name }) => name}
            columns={[
              { head: t('operator.participant'), cell: ({ name }) => <b>{name}</b> },
              { head: t('operator.currency'), cell: ({ currency }) => currency ?? '–' },
              {
                head: t('operator.state'),
                cell: ({ state }) => (
                  <Badge variant="light" tt="none" color={state === 'active' ? 'green' : 'red'}>
                    {state === 'active' ? t('operator.active') : t('operator.suspended')}
                  </Badge>
                ),
              },
              {
                head: t('operator.cap'),
                cell: ({ netDebitCap }) => (netDebitCap === null ? '–' : formatAmount(netDebitCap)),
                isNumber: true,
              },
              {
                head: t('operator.action'),
                cell: ({ name, state }) => (
                  <Group gap="xs">
                    <Button
                      size="xs"
                      variant="default"
                      aria-expanded={shown === name}
                      aria-label={`${t('operator.show')} ${name}`}
                      onClick={() => setShown(shown === name ? null : name)}
                    >
                      {t('operator.show')}
                    </Button>
                    <Button
                      size="xs"
                      variant="default"
                      onClick={() => propose.mutate(changeOf(name, state, t('operator.suspendReason')))}
                    >
                      {t(state === 'active' ? 'operator.proposeSuspend' : 'operator.proposeResume')}
                    </Button>
                  </Group>
                ),
              },
            ]}
          />
        )}
      </Loaded>
      {shown !== null && <ValidKeys name={shown} />}
    </>
  );
}

/** Which keys of a DFSP are valid now, since when; not their secrets, which nobody keeps. */
function ValidKeys({ name }: { name: string }) {
  const { t } = useTranslation();
  const details = useOperator<ParticipantDetails>(`participants/${encodeURIComponent(name)}`);
  const title = t('operator.validKeys', { name });
  return (
    <Stack component="section" aria-label={title} gap="xs" mt="lg">
      <Title order={2} size="h4">
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

const changeOf = (name: string, state: string, reason: string): Pick<Change, 'kind' | 'parameters'> =>
  state === 'active'
    ? { kind: 'suspend-participant', parameters: { name, reason } }
    : { kind: 'resume-participant', parameters: { name } };
