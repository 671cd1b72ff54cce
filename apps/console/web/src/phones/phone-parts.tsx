import { ActionIcon, Anchor, Button, Group, NativeSelect, Stack, TextInput, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { BackIcon } from '../ui/icons';
import { usePhone } from './phone-context';
import styles from './phone.module.css';

/** A page of a phone with its title and the way back home. */
export function PhonePage({ title, children }: { title: string; children: ReactNode }) {
  const { t } = useTranslation();
  const { show } = usePhone();
  return (
    <Stack gap="md">
      <Group gap="xs" wrap="nowrap">
        <ActionIcon variant="subtle" color="gray" aria-label={t('common.back')} onClick={() => show({ kind: 'home' })}>
          <BackIcon />
        </ActionIcon>
        <Title order={3} size="h4">
          {title}
        </Title>
      </Group>
      {children}
    </Stack>
  );
}

/** Rows of a name and a value; the last one as their sum. */
export function Terms({ rows, sum }: { rows: readonly [string, ReactNode][]; sum?: readonly [string, ReactNode] }) {
  return (
    <dl className={styles.terms}>
      {rows.map(([name, value]) => (
        <Term key={name} name={name} value={value} />
      ))}
      {sum && <Term name={sum[0]} value={sum[1]} className={styles.sum} />}
    </dl>
  );
}

function Term({ name, value, className }: { name: string; value: ReactNode; className?: string }) {
  return (
    <>
      <dt className={className}>{name}</dt>
      <dd className={className}>{value}</dd>
    </>
  );
}

export function AmountInput({ value, onChange }: { value: string; onChange: (amount: string) => void }) {
  const { t } = useTranslation();
  const { currency } = usePhone();
  return (
    <TextInput
      label={t('phone.amount')}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value.replace(',', '.').trim())}
      inputMode="decimal"
      autoComplete="off"
      placeholder="10.40"
      rightSection={currency}
      rightSectionWidth={52}
      classNames={{ input: 'figures' }}
    />
  );
}

/** Which account of the person pays or is paid. */
export function AccountSelect({ value, onChange }: { value: string; onChange: (account: string) => void }) {
  const { t } = useTranslation();
  const { person } = usePhone();
  return (
    <NativeSelect
      label={t('phone.account')}
      value={value}
      data={person.accounts}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** Ways on from a payment: its receipt if it is paid, its steps, and home. */
export function PaymentLinks({ paymentId, isPaid = false }: { paymentId?: string; isPaid?: boolean }) {
  const { t } = useTranslation();
  const { show } = usePhone();
  return (
    <Stack gap="xs" align="center">
      {paymentId && (
        <Group gap="lg">
          {isPaid && (
            <Anchor component={Link} href={`/payments/${paymentId}/receipt`} size="sm">
              {t('phone.receipt')}
            </Anchor>
          )}
          <Anchor component={Link} href={`/payments/${paymentId}`} size="sm">
            {t('phone.steps')}
          </Anchor>
        </Group>
      )}
      <Button variant="default" fullWidth onClick={() => show({ kind: 'home' })}>
        {t('phone.done')}
      </Button>
    </Stack>
  );
}
