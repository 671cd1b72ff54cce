import { Button, Group, Loader, Stack, Text } from '@mantine/core';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RequestError } from '../api/request';
import type { NotifiedInvoice } from '../api/phones';
import { formatMoney } from '../ui/money';
import { ProblemNote } from '../ui/problem-note';
import { reasonForPayee } from '../ui/refusals-in-words';
import { movedAmount } from './moved-amount';
import { Outcome } from './outcome';
import { usePhone, usePhoneQuery } from './phone-context';
import { AccountSelect, PaymentLinks, PhonePage, Terms } from './phone-parts';
import { useNames } from './use-names';

/** An invoice that the customer was notified of: merchant, amount, fee and total; to be paid or rejected. */
export function NotifiedInvoiceScreen({ invoiceNotificationId }: { invoiceNotificationId: string }) {
  const { t } = useTranslation();
  const [isPaying, setPaying] = useState(false);
  const invoice = useNotifiedInvoice(invoiceNotificationId, isPaying);
  return (
    <PhonePage title={t('phone.inbox')}>
      {invoice.isPending && <Loader size="sm" mx="auto" />}
      {invoice.isError && !invoice.data && <ProblemNote error={invoice.error} retry={() => void invoice.refetch()} />}
      {invoice.data && <NotifiedInvoiceView id={invoiceNotificationId} invoice={invoice.data} onPaying={setPaying} />}
    </PhonePage>
  );
}

/**
 * Reads an invoice at its issuer: once, and again when it is among the pending ones no more, unless it is this phone that
 * pays it. The list of pending ones is the DFSP's own and cheap.
 */
function useNotifiedInvoice(id: string, isPaying: boolean) {
  const { api, participant, person } = usePhone();
  const pending = usePhoneQuery(['pending', person.number], () => api.listPending(person.number));
  const isPending = pending.data?.some((one) => one.invoiceNotificationId === id) ?? true;
  return useQuery({
    queryKey: ['notified', participant.name, id, isPending],
    queryFn: () => api.readNotified(id),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    enabled: !isPaying,
    retry: false,
  });
}

interface NotifiedInvoiceViewProps {
  id: string;
  invoice: NotifiedInvoice;
  /** Told when this phone begins to pay, and when it could not. */
  onPaying: (isPaying: boolean) => void;
}

function NotifiedInvoiceView({ id, invoice, onPaying }: NotifiedInvoiceViewProps) {
  const { t } = useTranslation();
  const { api, person } = usePhone();
  const [account, setAccount] = useState(person.accounts[0] ?? '');
  const pay = useMutation({
    mutationFn: () => api.payNotified(id, account),
    onMutate: () => onPaying(true),
    onError: () => onPaying(false),
  });
  const reject = useMutation({ mutationFn: () => api.rejectNotified(id) });
  const name = `${invoice.firstName} ${invoice.lastName}`;
  const total = formatMoney(invoice.total ?? invoice.amount, invoice.totalCurrency ?? invoice.currencyCode);

  if (pay.isSuccess && pay.data.status === 'paid') {
    return <Paid name={name} amount={total} paymentId={pay.data.paymentId} />;
  }
  const openPayment = pay.error instanceof RequestError ? pay.error.openPaymentId : undefined;
  if (openPayment) return <PaymentOutcome paymentId={openPayment} name={name} />;
  if (!pay.isPending && invoice.status !== 'pending') {
    return (
      <Ended
        status={invoice.status}
        name={name}
        amount={total}
        isMine={reject.isSuccess}
        paymentId={invoice.paymentId}
      />
    );
  }
  return (
    <Stack gap="md">
      <Terms
        rows={[
          [t('phone.merchant'), name],
          [t('phone.price'), formatMoney(invoice.amount, invoice.currencyCode)],
          [t('phone.fee'), formatMoney(invoice.fee, invoice.totalCurrency ?? invoice.currencyCode)],
        ]}
        sum={[t('phone.total'), total]}
      />
      <AccountSelect value={account} onChange={setAccount} />
      {pay.isError && <ProblemNote error={pay.error} />}
      {reject.isError && <ProblemNote error={reject.error} />}
      <Stack gap="xs">
        <Button onClick={() => pay.mutate()} loading={pay.isPending} disabled={reject.isPending} size="md">
          {t('phone.approve', { amount: total })}
        </Button>
        <Button variant="default" onClick={() => reject.mutate()} loading={reject.isPending} disabled={pay.isPending}>
          {t('phone.reject')}
        </Button>
      </Stack>
      {pay.isPending && (
        <Text size="sm" c="dimmed" ta="center" role="status">
          {t('phone.paying')}
        </Text>
      )}
    </Stack>
  );
}

function Ended(props: { status: string; name: string; amount: string; isMine: boolean; paymentId?: string }) {
  const { t } = useTranslation();
  const { status, name, amount, isMine } = props;
  if (status === 'paid') return <Paid name={name} amount={amount} paymentId={props.paymentId} />;
  const [title, note] =
    status === 'rejected'
      ? [t('phone.outcome.rejected'), t('phone.outcome.rejectedByYou')]
      : status === 'cancelled'
        ? [t('phone.outcome.cancelled'), t('phone.outcome.cancelledByMerchant')]
        : [t('phone.outcome.expired'), t('phone.outcome.expiredNote')];
  return (
    <Stack>
      <Outcome kind={isMine ? 'open' : 'bad'} title={title}>
        {note}
      </Outcome>
      <PaymentLinks />
    </Stack>
  );
}

/** The good end, for the payer. */
export function Paid({ name, amount, paymentId }: { name: string; amount: string; paymentId?: string }) {
  const { t } = useTranslation();
  return (
    <Stack>
      <Outcome kind="good" title={t('phone.outcome.paid')}>
        {t('phone.outcome.paidTo', { amount, name })}
      </Outcome>
      <PaymentLinks paymentId={paymentId} isPaid />
    </Stack>
  );
}

/** A payment by its id: how it stands or ended. */
export function PaymentOutcome({ paymentId, name }: { paymentId: string; name?: string }) {
  const { t } = useTranslation();
  const names = useNames();
  const payment = usePhoneQuery(['payment', paymentId], (api) => api.readPayment(paymentId));
  if (payment.isPending) return <Loader size="sm" mx="auto" />;
  if (payment.isError) return <ProblemNote error={payment.error} retry={() => void payment.refetch()} />;
  const { state, currency, counterpart, reason, side } = payment.data;
  const other = name ?? names(counterpart.identifier);
  const money = formatMoney(movedAmount(payment.data), currency);
  if (state === 'executed') {
    if (side === 'debit') return <Paid name={other} amount={money} paymentId={paymentId} />;
    return (
      <Stack>
        <Outcome kind="good" title={t('phone.outcome.received')}>
          {t('phone.outcome.receivedFrom', { amount: money, name: other })}
        </Outcome>
        <PaymentLinks paymentId={paymentId} isPaid />
      </Stack>
    );
  }
  const isOpen = state === 'pending';
  return (
    <Stack>
      <Outcome kind={isOpen ? 'open' : 'bad'} title={t(isOpen ? 'phone.outcome.pending' : 'phone.outcome.failed')}>
        {isOpen && t('phone.outcome.pendingNote')}
      </Outcome>
      {!isOpen && <ProblemNote error={reasonOf(state, side === 'credit' ? reasonForPayee(reason) : reason)} />}
      <PaymentLinks paymentId={paymentId} />
    </Stack>
  );
}

function reasonOf(state: string, reason?: { id?: string; message?: string }): RequestError {
  const id = reason?.id ?? (state === 'expired' ? 'ExpiredTransferError' : 'unknown');
  return new RequestError(0, id, reason?.message ?? state);
}

/** A payment chosen from the list. */
export function PaymentScreen({ paymentId, name }: { paymentId: string; name: string }) {
  const { t } = useTranslation();
  return (
    <PhonePage title={t('diagram.story.payment')}>
      <Group grow>
        <PaymentOutcome paymentId={paymentId} name={name} />
      </Group>
    </PhonePage>
  );
}
