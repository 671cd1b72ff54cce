import { Button, Group, Progress, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNetwork } from '../api/network';
import {
  type ChangeKind,
  type Position,
  proposeChange,
  useOperator,
  useOperatorCall,
  useOperatorPages,
  type Window,
} from '../api/operator';
import { DataTable } from '../ui/data-table';
import { Loaded, MoreButton } from '../ui/loading';
import { formatAmount, isAmount } from '../ui/money';
import { PageHead } from '../ui/page-head';
import { ProblemNote } from '../ui/problem-note';
import { nameOf } from './account-name';
import { ProposedNote } from './proposed-note';
import { Windows } from './windows-table';

interface WindowsPage {
  windows: Window[];
}

/** A full page may be followed by another one. */
const BY_NUMBER = {
  parameter: 'before',
  valueAfter: ({ windows }: WindowsPage, limit: number) =>
    windows.length < limit ? undefined : String(windows.at(-1)?.number),
};

/** What the DFSPs owe each other, how much they may owe, and the windows in which they settle. */
export function PositionsPage() {
  const { t } = useTranslation();
  const positions = useOperator<{ positions: Position[] }>('positions');
  const windows = useOperatorPages<WindowsPage>('windows', BY_NUMBER);
  const propose = useOperatorCall(proposeChange);
  const change = (kind: ChangeKind, parameters: Record<string, unknown>) => propose.mutate({ kind, parameters });
  return (
    <Stack gap="xl">
      <div>
        <PageHead title={t('operator.nav.positions')} lead={t('operator.lead.positions')} />
        {propose.isError && <ProblemNote error={propose.error} />}
        {propose.isSuccess && <ProposedNote />}
        <Loaded query={positions}>
          {(data) => (
            <PositionsTable
              positions={data.positions}
              onCap={(name, cap) => change('set-cap', { account: name, netDebitCap: cap })}
            />
          )}
        </Loaded>
      </div>
      <section aria-label={t('operator.windows')}>
        <Title order={2} size="h3">
          {t('operator.windows')}
        </Title>
        <Text c="dimmed" mb="md">
          {t('operator.windowsLead')}
        </Text>
        <Loaded query={windows}>
          {({ pages }) => <Windows windows={pages.flatMap((page) => page.windows)} onChange={change} />}
        </Loaded>
        <MoreButton pages={windows} />
      </section>
    </Stack>
  );
}

/** The central ledger also has accounts that take no part in payments. */
const isUsed = ({ net, unsettled, held, net_debit_cap: cap }: Position) =>
  cap !== null || [net, unsettled, held].some((amount) => Number(amount) !== 0);

interface PositionsTableProps {
  positions: readonly Position[];
  onCap: (participant: string, cap: string) => void;
}

function PositionsTable({ positions, onCap }: PositionsTableProps) {
  const { t } = useTranslation();
  const { data: network } = useNetwork();
  const scale = network?.scale ?? 2;
  const dfsps = new Set(network?.participants.map(({ name }) => name));
  const amount = (text: string) => formatAmount(text, scale);
  return (
    <DataTable
      label={t('operator.nav.positions')}
      rows={positions.filter((position) => dfsps.has(nameOf(position.account)) || isUsed(position))}
      keyOf={({ account }) => account}
      columns={[
        { head: t('operator.participant'), cell: ({ account }) => <b>{nameOf(account)}</b> },
        { head: t('operator.net'), cell: ({ net }) => amount(net), isNumber: true },
        { head: t('operator.unsettled'), cell: ({ unsettled }) => amount(unsettled), isNumber: true },
        { head: t('operator.held'), cell: ({ held }) => amount(held), isNumber: true },
        {
          head: t('operator.cap'),
          cell: ({ net_debit_cap: cap }) => (cap === null ? t('operator.noCap') : amount(cap)),
          isNumber: true,
        },
        { head: t('operator.used'), cell: ({ used_percent: used }) => <Used percent={used} /> },
        {
          head: t('operator.newCap'),
          cell: ({ account }) => <CapForm name={nameOf(account)} scale={scale} onCap={onCap} />,
        },
      ]}
    />
  );
}

const NEARLY_USED = 80;

function Used({ percent }: { percent: number | null }) {
  const { t } = useTranslation();
  if (percent === null) return <>–</>;
  return (
    <Group gap="xs" wrap="nowrap">
      <Progress
        value={percent}
        w={70}
        color={percent >= NEARLY_USED ? 'red' : 'lagoon'}
        aria-label={t('operator.used')}
      />
      <Text size="sm" className="figures">
        {percent} %
      </Text>
    </Group>
  );
}

function CapForm({ name, scale, onCap }: { name: string; scale: number; onCap: PositionsTableProps['onCap'] }) {
  const { t } = useTranslation();
  const [cap, setCap] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!isAmount(cap, scale)) return;
        onCap(name, cap);
        setCap('');
      }}
    >
      <Group gap="xs" wrap="nowrap">
        <TextInput
          size="xs"
          w={90}
          value={cap}
          inputMode="decimal"
          aria-label={t('operator.capOf', { name })}
          classNames={{ input: 'figures' }}
          onChange={(event) => setCap(event.currentTarget.value.trim())}
        />
        <Button type="submit" size="xs" variant="default" disabled={!isAmount(cap, scale)}>
          {t('operator.propose')}
        </Button>
      </Group>
    </form>
  );
}
