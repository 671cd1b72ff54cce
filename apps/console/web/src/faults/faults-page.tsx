import { Badge, Button, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type ActiveFault, endFault, type FaultRule, switchFault, useFaults } from '../api/faults';
import { type Network, useNetwork } from '../api/network';
import { PhoneApi } from '../api/phones';
import { RequestError } from '../api/request';
import { Ledgers } from '../diagram/ledgers';
import { Legend } from '../diagram/legend';
import { LiveStories } from '../diagram/live-stories';
import { PaymentLink } from '../payments/payment-links';
import { EmptyNote } from '../ui/empty-note';
import { PageHead } from '../ui/page-head';
import { ProblemNote } from '../ui/problem-note';
import { StateBadge } from '../ui/state-badge';
import { CustomFault } from './custom-fault';
import styles from './faults.module.css';
import { type Preset, PRESETS, ruleText } from './presets';

/** Makes something fail on purpose, pays, and shows what becomes of it. */
export function FaultsPage() {
  const { t } = useTranslation();
  const faults = useFaults();
  const { data: network } = useNetwork();
  const isAway = faults.error instanceof RequestError && faults.error.status === 404;
  const names = network?.participants.map(({ name }) => name) ?? [];
  return (
    <>
      <PageHead title={t('faults.title')} lead={t('faults.lead')} />
      {isAway && (
        <div className="panel">
          <EmptyNote title={t('faults.away')} text={t('faults.awayDo')} />
        </div>
      )}
      {faults.isError && !isAway && <ProblemNote error={faults.error} retry={() => void faults.refetch()} />}
      {faults.data && (
        <div className={styles.both}>
          <Stack gap="lg">
            <InForce faults={faults.data} />
            <Presets faults={faults.data} />
            <CustomFault />
          </Stack>
          <Stack gap="md">
            {network && <TestPayment network={network} />}
            <Ledgers order={[names[0] ?? '', 'centre', ...names.slice(1)].filter((name) => name !== '')} />
            <div className={`panel ${styles.diagram}`}>
              <LiveStories left={names[0] ?? ''} height="min(40rem, 70dvh)" />
            </div>
            <Legend />
          </Stack>
        </div>
      )}
    </>
  );
}

function useFaultChange<T>(change: (value: T) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: change, onSettled: () => queries.invalidateQueries({ queryKey: ['faults'] }) });
}

function InForce({ faults }: { faults: readonly ActiveFault[] }) {
  const { t } = useTranslation();
  const end = useFaultChange(endFault);
  return (
    <section aria-label={t('faults.inForce')}>
      <Title order={2} size="h4" mb="xs">
        {t('faults.inForce')}
      </Title>
      {faults.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('faults.allWell')}
        </Text>
      )}
      <Stack gap="xs">
        {faults.map(({ id, rule, met, held }) => (
          <Group key={id} className={`panel ${styles.fault}`} justify="space-between" wrap="nowrap">
            <div>
              <Text size="sm" fw={600}>
                {ruleText(rule)}
              </Text>
              <Text size="xs" c="dimmed" className="figures">
                {t('faults.met', { count: met, held })}
              </Text>
            </div>
            <Button size="xs" variant="default" onClick={() => end.mutate(id)}>
              {t('faults.end')}
            </Button>
          </Group>
        ))}
      </Stack>
      {end.isError && <ProblemNote error={end.error} />}
    </section>
  );
}

const sameRule = (a: FaultRule, b: FaultRule) => ruleText(a) === ruleText(b);

function Presets({ faults }: { faults: readonly ActiveFault[] }) {
  const { t } = useTranslation();
  const switchOn = useFaultChange(switchFault);
  return (
    <section aria-label={t('faults.choose')}>
      <Title order={2} size="h4" mb="xs">
        {t('faults.choose')}
      </Title>
      {switchOn.isError && <ProblemNote error={switchOn.error} />}
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        {(Object.keys(PRESETS) as Preset[]).map((preset) => {
          const isOn = faults.some(({ rule }) => sameRule(rule, PRESETS[preset]));
          return (
            <div key={preset} className={`panel ${styles.preset}`} data-preset={preset}>
              <Text fw={600} size="sm">
                {t(`faults.preset.${preset}.title`)}
              </Text>
              <Text size="xs" c="dimmed" style={{ flex: 1 }}>
                {t(`faults.preset.${preset}.text`)}
              </Text>
              {isOn ? (
                <Badge color="red" variant="light" tt="none">
                  {t('faults.on')}
                </Badge>
              ) : (
                <Button
                  size="xs"
                  variant="default"
                  onClick={() => switchOn.mutate(PRESETS[preset])}
                  aria-label={`${t('faults.switchOn')}: ${t(`faults.preset.${preset}.title`)}`}
                >
                  {t('faults.switchOn')}
                </Button>
              )}
            </div>
          );
        })}
      </SimpleGrid>
    </section>
  );
}

/** An invoice of a merchant that a customer of another DFSP pays at once. */
async function makePayment({ participants }: Network): Promise<{ paymentId?: string; state: string }> {
  const holders = participants.flatMap((participant) => participant.people.map((person) => ({ participant, person })));
  const payer = holders.find(({ person }) => !person.isMerchant);
  const payee = holders.find(({ person, participant }) => person.isMerchant && participant !== payer?.participant);
  if (!payer || !payee) throw new RequestError(0, 'ClientNotFound', 'the network has no demo people');
  const { invoiceId } = await new PhoneApi(payee.participant.name).issueInvoice({
    account: payee.person.accounts[0] ?? '',
    amount: '1.00',
    merchantIdentifier: payee.person.number,
    invoiceType: 'product',
    info: 'Test payment',
  });
  const server = payee.participant.roles.find(({ role }) => role === 'spsp-server');
  const invoiceUrl = `${server?.url.replace(/\/v1$|\/$/, '') ?? ''}/v1/invoices/${invoiceId}`;
  const paid = await new PhoneApi(payer.participant.name).payInvoice(
    invoiceUrl,
    payer.person.number,
    payer.person.accounts[0] ?? '',
  );
  return { paymentId: paid.paymentId, state: paid.status };
}

function TestPayment({ network }: { network: Network }) {
  const { t } = useTranslation();
  const pay = useMutation({ mutationFn: () => makePayment(network) });
  const openId = pay.error instanceof RequestError ? pay.error.openPaymentId : undefined;
  const paymentId = pay.data?.paymentId ?? openId;
  return (
    <section className={`panel ${styles.test}`} aria-label={t('faults.test')}>
      <Group justify="space-between">
        <div>
          <Title order={2} size="sm">
            {t('faults.test')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('faults.testLead')}
          </Text>
        </div>
        <Button onClick={() => pay.mutate()} loading={pay.isPending}>
          {t('faults.pay')}
        </Button>
      </Group>
      {pay.isError && <ProblemNote error={pay.error} />}
      {paymentId && (
        <Group gap="xs" role="status">
          {pay.data && <StateBadge state={pay.data.state} />}
          <Text size="sm">{t('payment.title')}</Text>
          <PaymentLink paymentId={paymentId} />
        </Group>
      )}
    </section>
  );
}
