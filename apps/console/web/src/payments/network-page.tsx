import { Button, Group, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { clearTraces } from '../api/live-feed';
import { useNetwork } from '../api/network';
import { DrawingAndWords, useView, ViewSwitch } from '../diagram/drawing-and-words';
import { Ledgers } from '../diagram/ledgers';
import { Legend } from '../diagram/legend';
import { LiveStories } from '../diagram/live-stories';
import { PageHead } from '../ui/page-head';
import { PaymentSearch } from './payment-links';

/** The whole network as it works: ledgers, every step, and why it is made. */
export function NetworkPage() {
  const { t } = useTranslation();
  const { data: network } = useNetwork();
  const [view, setView] = useView();
  const [first = '', ...others] = network?.participants.map(({ name }) => name) ?? [];
  return (
    <>
      <PageHead title={t('network.title')} lead={t('network.lead')}>
        <PaymentSearch />
      </PageHead>
      <Stack gap="md">
        <Ledgers order={[first, 'centre', ...others].filter((name) => name !== '')} />
        <Group justify="space-between">
          <Legend />
          <Group gap="xs">
            <Button variant="default" onClick={clearTraces}>
              {t('diagram.clear')}
            </Button>
            <ViewSwitch view={view} onChange={setView} />
          </Group>
        </Group>
        <DrawingAndWords>
          {(onSelect) => <LiveStories left={first} isWide view={view} height="min(44rem, 70dvh)" onSelect={onSelect} />}
        </DrawingAndWords>
      </Stack>
    </>
  );
}
