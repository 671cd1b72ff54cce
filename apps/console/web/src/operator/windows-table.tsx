import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type ChangeKind,
  downloadPaymentFile,
  useOperator,
  useOperatorCall,
  type Window,
  type WindowDetails,
} from '../api/operator';
import { DataTable } from '../ui/data-table';
import { DownloadIcon } from '../ui/icons';
import { Loaded } from '../ui/loading';
import { formatAmount } from '../ui/money';
import { ProblemNote } from '../ui/problem-note';
import { formatTime } from '../ui/times';
import { nameOf } from './account-name';

interface WindowsProps {
  windows: readonly Window[];
  onChange: (kind: ChangeKind, parameters: Record<string, unknown>) => void;
}

/** Settlement windows, with the positions and the payment files of the one that is chosen. */
export function Windows({ windows, onChange }: WindowsProps) {
  const { t } = useTranslation();
  const [shown, setShown] = useState<string | null>(null);
  return (
    <Stack gap="md">
      <DataTable
        label={t('operator.windows')}
        rows={windows}
        keyOf={({ id }) => id}
        columns={[
          { head: t('operator.number'), cell: ({ number }) => number, isNumber: true },
          { head: t('operator.state'), cell: ({ state }) => <WindowState state={state} /> },
          { head: t('operator.opened'), cell: (row) => formatTime(row.opened_at) },
          { head: t('operator.closed'), cell: (row) => (row.closed_at ? formatTime(row.closed_at) : '–') },
          { head: t('operator.settled'), cell: (row) => (row.settled_at ? formatTime(row.settled_at) : '–') },
          { head: t('operator.transfers'), cell: (row) => row.transfer_count ?? '–', isNumber: true },
          {
            head: t('operator.action'),
            cell: ({ id, state, number }) => (
              <Group gap="xs">
                <Button
                  size="xs"
                  variant="default"
                  aria-expanded={shown === id}
                  aria-label={t(shown === id ? 'operator.hideWindow' : 'operator.showWindow', { number })}
                  onClick={() => setShown(shown === id ? null : id)}
                >
                  {t(shown === id ? 'operator.hidePositions' : 'operator.showPositions')}
                </Button>
                {state === 'open' && (
                  <Button size="xs" onClick={() => onChange('close-window', { windowId: id })}>
                    {t('operator.proposeClose')}
                  </Button>
                )}
                {state === 'closed' && (
                  <Button size="xs" onClick={() => onChange('settle-window', { windowId: id })}>
                    {t('operator.proposeSettle')}
                  </Button>
                )}
              </Group>
            ),
          },
        ]}
      />
      {shown && <WindowPositions id={shown} />}
    </Stack>
  );
}

const COLORS = { open: 'blue', closed: 'orange', settled: 'green' };

function WindowState({ state }: Pick<Window, 'state'>) {
  const { t } = useTranslation();
  return (
    <Badge variant="light" tt="none" color={COLORS[state]} miw="max-content">
      {t(`operator.windowState.${state}`)}
    </Badge>
  );
}

function WindowPositions({ id }: { id: string }) {
  const { t } = useTranslation();
  const window = useOperator<WindowDetails>(`windows/${id}`);
  return (
    <Loaded query={window}>
      {(data) => (
        <Stack gap="xs">
          <DataTable
            label={t('operator.windowPositions', { number: data.number })}
            rows={data.positions}
            keyOf={({ account }) => account}
            empty={t('operator.noPositions')}
            columns={[
              { head: t('operator.participant'), cell: ({ account }) => nameOf(account) },
              { head: t('operator.net'), cell: ({ net }) => formatAmount(net), isNumber: true },
              { head: t('operator.confirmed'), cell: ({ confirmed }) => formatAmount(confirmed), isNumber: true },
              { head: t('operator.outstanding'), cell: ({ outstanding }) => formatAmount(outstanding), isNumber: true },
            ]}
          />
          {data.state !== 'open' && data.positions.length > 0 && <PaymentFiles window={data} />}
        </Stack>
      )}
    </Loaded>
  );
}

const FILES = [
  { file: 'payments.csv', format: 'CSV' },
  { file: 'pain.001.xml', format: 'pain.001' },
] as const;

/** What a bank is given to settle a closed window. */
function PaymentFiles({ window }: { window: Window }) {
  const { t } = useTranslation();
  const download = useOperatorCall((file: string) => downloadPaymentFile(window, file));
  return (
    <>
      <Group gap="xs">
        {FILES.map(({ file, format }) => (
          <Button
            key={file}
            size="xs"
            variant="default"
            leftSection={<DownloadIcon size={14} />}
            loading={download.isPending && download.variables === file}
            onClick={() => download.mutate(file)}
          >
            {t('operator.downloadFile', { format })}
          </Button>
        ))}
        <Text size="xs" c="dimmed">
          {t('operator.fileNote')}
        </Text>
      </Group>
      {download.isError && <ProblemNote error={download.error} />}
    </>
  );
}
