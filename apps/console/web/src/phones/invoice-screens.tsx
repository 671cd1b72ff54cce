import { Button, Loader, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MerchantInvoice } from '../api/phones';
import { formatMoney, isAmount } from '../ui/money';
import { ProblemNote } from '../ui/problem-note';
import { formatTime } from '../ui/times';
import { Outcome } from './outcome';
import { usePhone, usePhoneQuery } from './phone-context';
import { AccountSelect, AmountInput, PaymentLinks, PhonePage, Terms } from './phone-parts';
import { PersonSearch, usePersonSearch } from './person-search';
import { useNames } from './use-names';

const MINUTE_MS = 60_000;
const VALIDITIES = { none: 0, minute: MINUTE_MS, hour: 60 * MINUTE_MS, day: 24 * 60 * MINUTE_MS };
type Validity = keyof typeof VALIDITIES;

/** The merchant finds the customer by number, sees the name, and sends an invoice. */
export function NewInvoiceScreen() {
  const { t } = useTranslation();
  const { api, person, currency, scale, show } = usePhone();
  const search = usePersonSearch();
  const { number, find } = search;
  const [amount, setAmount] = useState('');
  const [info, setInfo] = useState('');
  const [account, setAccount] = useState(person.accounts[0] ?? '');
  const [validity, setValidity] = useState<Validity>('none');
  const issue = useMutation({
    mutationFn: () =>
      api.issueInvoice({
        account,
        amount,
        identifier: number,
        merchantIdentifier: person.number,
        invoiceType: 'standard',
        ...(info === '' ? {} : { info }),
        ...(validity === 'none' ? {} : { expiresAt: new Date(Date.now() + VALIDITIES[validity]).toISOString() }),
      }),
    onSuccess: ({ invoiceId }) => show({ kind: 'invoice', invoiceId, payerName: find.data?.name }),
  });
  const isReady = find.isSuccess && isAmount(amount, scale);

  return (
    <PhonePage title={t('phone.invoice')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) issue.mutate();
          else if (!find.isSuccess) find.mutate();
        }}
      >
        <Stack gap="sm">
          <PersonSearch label={t('phone.customerNumber')} search={search} />
          {find.isSuccess && (
            <>
              <AmountInput value={amount} onChange={setAmount} />
              <TextInput
                label={t('phone.for')}
                value={info}
                maxLength={120}
                onChange={(event) => setInfo(event.currentTarget.value)}
              />
              <NativeSelect
                label={t('phone.validFor')}
                value={validity}
                data={(Object.keys(VALIDITIES) as Validity[]).map((value) => ({
                  value,
                  label: t(`phone.valid.${value}`),
                }))}
                onChange={(event) => setValidity(event.currentTarget.value as Validity)}
              />
              {person.accounts.length > 1 && <AccountSelect value={account} onChange={setAccount} />}
              <Button type="submit" fullWidth disabled={!isReady} loading={issue.isPending}>
                {isReady ? t('phone.issue', { amount: formatMoney(amount, currency, scale) }) : t('phone.issueEmpty')}
              </Button>
            </>
          )}
          {issue.isError && <ProblemNote error={issue.error} />}
        </Stack>
      </form>
    </PhonePage>
  );
}

/** What became of an invoice, for the merchant. */
export function IssuedInvoiceScreen({ invoiceId, payerName }: { invoiceId: string; payerName?: string }) {
  const { t } = useTranslation();
  const invoice = usePhoneQuery(['invoice', invoiceId], (api) => api.readMerchantInvoice(invoiceId));
  return (
    <PhonePage title={invoice.data?.invoiceInfo ?? t('phone.invoice')}>
      {invoice.isPending && <Loader size="sm" mx="auto" />}
      {invoice.isError && <ProblemNote error={invoice.error} retry={() => void invoice.refetch()} />}
      {invoice.data && <IssuedInvoice invoice={invoice.data} payerName={payerName} />}
    </PhonePage>
  );
}

function IssuedInvoice({ invoice, payerName }: { invoice: MerchantInvoice; payerName?: string }) {
  const { t } = useTranslation();
  const { api } = usePhone();
  const names = useNames();
  const cancel = useMutation({ mutationFn: () => api.cancelInvoice(invoice.invoiceId) });
  const name = payerName ?? names(invoice.identifier);
  const amount = formatMoney(invoice.amount, invoice.currencyCode);
  const isOpen = invoice.status === 'pending' || invoice.status === 'unpaid';
  return (
    <Stack gap="md">
      <IssuedOutcome invoice={invoice} name={name} amount={amount} />
      {isOpen && (
        <>
          <Terms rows={[[t('phone.price'), amount]]} />
          {cancel.isError && <ProblemNote error={cancel.error} />}
          <Button variant="default" onClick={() => cancel.mutate()} loading={cancel.isPending}>
            {t('phone.cancelInvoice')}
          </Button>
        </>
      )}
      {!isOpen && <PaymentLinks paymentId={invoice.paymentId} isPaid={invoice.status === 'paid'} />}
    </Stack>
  );
}

function IssuedOutcome({ invoice, name, amount }: { invoice: MerchantInvoice; name: string; amount: string }) {
  const { t } = useTranslation();
  const { status, expiresAt } = invoice;
  switch (status) {
    case 'paid':
      return (
        <Outcome kind="good" title={t('phone.outcome.received')}>
          {t('phone.outcome.receivedFrom', { amount, name })}
        </Outcome>
      );
    case 'rejected':
      return (
        <Outcome kind="bad" title={t('phone.outcome.rejected')}>
          {t('phone.outcome.rejectedByCustomer')}
        </Outcome>
      );
    case 'cancelled':
      return (
        <Outcome kind="bad" title={t('phone.outcome.cancelled')}>
          {t('phone.outcome.cancelledByYou')}
        </Outcome>
      );
    case 'expired':
      return (
        <Outcome kind="bad" title={t('phone.outcome.expired')}>
          {t('phone.outcome.expiredNoteMerchant', { time: expiresAt ? formatTime(expiresAt) : '–' })}
        </Outcome>
      );
    default:
      return <Outcome kind="open" title={t('phone.waiting', { name })} />;
  }
}
