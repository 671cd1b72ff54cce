import { Badge, Button, Group } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Change, type ParticipantState, proposeChange, useOperator, useOperatorCall } from '../api/operator';
import { DataTable } from '../ui/data-table';
import { Loaded } from '../ui/loading';
import { formatAmount } from '../ui/money';
import { PageHead } from '../ui/page-head';
import { ProblemNote } from '../ui/problem-note';
import { ProposedNote } from './proposed-note';
import { ValidKeys } from './valid-keys';

/** DFSPs of the network; a suspended one neither pays nor is paid over the centre. */
export function ParticipantsPage() {
  const { t } = useTranslation();
  const participants = useOperator<{ participants: ParticipantState[] }>('participants');
  const propose = useOperatorCall(proposeChange);
  const [shown, setShown] = useState<string | null>(null);
  const formatCap = (cap: string | null) => (cap === null ? t('operator.noCap') : formatAmount(cap));
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
                cell: ({ netDebitCap }) => (netDebitCap === undefined ? '–' : formatCap(netDebitCap)),
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
                      aria-label={t(shown === name ? 'operator.hideKeysOf' : 'operator.showKeysOf', { name })}
                      onClick={() => setShown(shown === name ? null : name)}
                    >
                      {t(shown === name ? 'operator.hideKeys' : 'operator.showKeys')}
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
      {shown !== null && <ValidKeys key={shown} name={shown} />}
    </>
  );
}

const changeOf = (name: string, state: string, reason: string): Pick<Change, 'kind' | 'parameters'> =>
  state === 'active'
    ? { kind: 'suspend-participant', parameters: { name, reason } }
    : { kind: 'resume-participant', parameters: { name } };
