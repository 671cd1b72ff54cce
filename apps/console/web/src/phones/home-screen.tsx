import { Button, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLive } from '../api/live-feed';
import type { InvoiceRecord, PaymentRecord } from '../api/phones';
import { CodeIcon, InvoiceIcon, ScanIcon, SendIcon } from '../ui/icons';
import { formatAmount, formatMoney } from '../ui/money';
import { ProblemNote } from '../ui/problem-note';
import { StateBadge } from '../ui/state-badge';
import { movedAmount } from './moved-amount';
import { usePhone, usePhoneQuery } from './phone-context';
import styles from './phone.module.css';
import { useNames } from './use-names';

/** Balance, what waits, what can be done, and what happened last. */
export function HomeScreen() {
  const { person } = usePhone();
  return (
    <Stack gap="lg">
      <Balances />
      <Actions />
      <Inbox />
      {person.isMerchant && <IssuedInvoices />}
      <Activity />
    </Stack>
  );
}

function Balances() {
  const { t } = useTranslation();
  const { person, participant, currency, scale } = usePhone();
  const { ledgers } = useLive();
  const known = ledgers[participant.name] ?? [];
  return (
    <Stack gap={2}>
      {person.accounts.map((name) => {
        const account = known.find((one) => one.name === name);
        return (
          <div key={name}>
            <Text size="xs" c="dimmed">
              {person.accounts.length > 1 ? `${t('phone.balance')} · ${name}` : t('phone.balance')}
            </Text>
            <Text fz="1.9rem" lh={1.2} fw={650} className="figures" data-balance={name}>
              {account ? formatMoney(account.balance, currency, scale) : '–'}
            </Text>
            {account && Number(account.held) !== 0 && (
              <Text size="xs" c="var(--frame)" className="figures">
                {t('phone.held', { amount: formatMoney(account.held, currency, scale) })}
              </Text>
            )}
          </div>
        );
      })}
    </Stack>
  );
}

function Actions() {
  const { t } = useTranslation();
  const { person, show } = usePhone();
  return (
    <SimpleGrid cols={2} spacing="xs">
      {person.isMerchant && (
        <>
          <Action
            icon={<InvoiceIcon />}
            text={t('phone.invoice')}
            onClick={() => show({ kind: 'newInvoice' })}
            isMain
          />
          <Action icon={<CodeIcon />} text={t('phone.product')} onClick={() => show({ kind: 'newProduct' })} />
        </>
      )}
      <Action
        icon={<SendIcon />}
        text={t('phone.send')}
        onClick={() => show({ kind: 'send' })}
        isMain={!person.isMerchant}
      />
      <Action icon={<ScanIcon />} text={t('phone.scan')} onClick={() => show({ kind: 'scan' })} />
    </SimpleGrid>
  );
}

function Action(props: { icon: ReactNode; text: string; onClick: () => void; isMain?: boolean }) {
  return (
    <Button
      variant={props.isMain ? 'filled' : 'default'}
      onClick={props.onClick}
      leftSection={props.icon}
      justify="flex-start"
      px={8}
      styles={{ section: { marginInlineEnd: 6 }, label: { whiteSpace: 'normal', lineHeight: 1.2, textAlign: 'left' } }}
      h={44}
      fz="xs"
    >
      {props.text}
    </Button>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <Title order={3} size="xs" c="dimmed" fw={600} mb={6}>
        {title}
      </Title>
      <Stack gap={6}>{children}</Stack>
    </section>
  );
}

function Inbox() {
  const { t } = useTranslation();
  const { person, show } = usePhone();
  const pending = usePhoneQuery(['pending', person.number], (api) => api.listPending(person.number));
  return (
    <Section title={t('phone.inbox')}>
      {pending.isPending && <Skeleton h={44} />}
      {pending.isError && <ProblemNote error={pending.error} retry={() => void pending.refetch()} />}
      {pending.data?.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('phone.inboxEmpty')}
        </Text>
      )}
      {pending.data?.map(({ invoiceNotificationId, info }) => (
        <button
          key={invoiceNotificationId}
          type="button"
          className={`${styles.item} ${styles.isDue}`}
          onClick={() => show({ kind: 'notified', invoiceNotificationId })}
        >
          <Text size="sm" fw={600}>
            {info}
          </Text>
          <SendIcon size={16} />
        </button>
      ))}
    </Section>
  );
}

function IssuedInvoices() {
  const { t } = useTranslation();
  const { person, show } = usePhone();
  const invoices = usePhoneQuery(['invoices', person.number], (api) => api.listInvoices(person.number));
  if (!invoices.data || invoices.data.length === 0) return null;
  const open = (invoice: InvoiceRecord) =>
    show({ kind: invoice.invoiceType === 'product' ? 'product' : 'invoice', invoiceId: invoice.invoiceId });
  return (
    <Section title={t('phone.issued')}>
      {invoices.data.slice(0, 5).map((invoice) => (
        <button key={invoice.invoiceId} type="button" className={styles.item} onClick={() => open(invoice)}>
          <span>
            <Text size="sm" truncate>
              {invoice.info}
            </Text>
            <Text size="xs" c="dimmed" className="figures">
              {formatMoney(invoice.amount, invoice.currencyCode)}
            </Text>
          </span>
          {invoice.invoiceType === 'product' ? <CodeIcon size={16} /> : <StateBadge state={invoice.state} />}
        </button>
      ))}
    </Section>
  );
}

function Activity() {
  const { t } = useTranslation();
  const { person, show } = usePhone();
  const names = useNames();
  const nameOf = ({ counterpart }: PaymentRecord) =>
    names(counterpart.identifier ?? counterpart.account?.split('/').at(-1));
  const payments = usePhoneQuery(['payments', person.number], (api) => api.listPayments(person.number));
  return (
    <Section title={t('phone.activity')}>
      {payments.data?.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('phone.activityEmpty')}
        </Text>
      )}
      {payments.data?.slice(0, 6).map((payment) => (
        <button
          key={`${payment.paymentId} ${payment.side}`}
          type="button"
          className={styles.item}
          onClick={() => show({ kind: 'payment', paymentId: payment.paymentId, name: nameOf(payment) })}
        >
          <span>
            <Text size="sm" className="figures" fw={600} c={payment.side === 'credit' ? 'var(--good)' : undefined}>
              {payment.side === 'credit' ? '+' : '−'}
              {formatAmount(movedAmount(payment))} {payment.currency}
            </Text>
            <Text size="xs" c="dimmed" className="figures">
              {t(payment.side === 'credit' ? 'phone.from' : 'phone.to', { name: nameOf(payment) })}
            </Text>
          </span>
          <StateBadge state={payment.state} />
        </button>
      ))}
    </Section>
  );
}
