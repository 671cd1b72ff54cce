import { Button, SegmentedControl, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Quoted } from '../api/phones';
import { RequestError } from '../api/request';
import { formatMoney, isAmount } from '../ui/money';
import { ProblemNote } from '../ui/problem-note';
import { Paid, PaymentOutcome } from './pay-screens';
import { usePhone } from './phone-context';
import { AccountSelect, AmountInput, PhonePage, Terms } from './phone-parts';
import { PersonSearch, usePersonSearch } from './person-search';
import type { SendOrder } from './screens';

/** Person to person: find the payee, say the amount, ask for the price. */
export function SendScreen() {
  const { t } = useTranslation();
  const { api, person, scale, show } = usePhone();
  const search = usePersonSearch();
  const { number, find } = search;
  const [amount, setAmount] = useState('');
  const [amountType, setAmountType] = useState<SendOrder['amountType']>('SEND');
  const [account, setAccount] = useState(person.accounts[0] ?? '');
  const order: SendOrder = { amount, amountType, destinationIdentifier: number, sourceAccount: account };
  const quote = useMutation({
    mutationFn: () => api.requestQuote({ ...order, sourceIdentifier: person.number }),
    onSuccess: (quoted) => show({ kind: 'quote', quote: quoted, askAgain: order }),
  });
  return (
    <PhonePage title={t('phone.send')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!find.isSuccess) find.mutate();
          else if (isAmount(amount, scale)) quote.mutate();
        }}
      >
        <Stack gap="sm">
          <PersonSearch label={t('phone.payeeNumber')} search={search} />
          {find.isSuccess && (
            <>
              <AmountInput value={amount} onChange={setAmount} />
              <SegmentedControl
                aria-label={t('phone.fixed')}
                value={amountType}
                onChange={(value) => setAmountType(value)}
                data={[
                  { value: 'SEND', label: t('phone.sendKind.SEND') },
                  { value: 'RECEIVE', label: t('phone.sendKind.RECEIVE') },
                ]}
              />
              <AccountSelect value={account} onChange={setAccount} />
              <Button type="submit" disabled={!isAmount(amount, scale)} loading={quote.isPending}>
                {t('phone.quote')}
              </Button>
            </>
          )}
          {quote.isError && <ProblemNote error={quote.error} />}
        </Stack>
      </form>
    </PhonePage>
  );
}

/** The agreed price, with the time that is left to pay it. */
export function QuoteScreen({ quote, askAgain }: { quote: Quoted; askAgain: SendOrder }) {
  const { t } = useTranslation();
  const { api, person, show } = usePhone();
  const left = useSecondsUntil(quote.expiresAt);
  const pay = useMutation({ mutationFn: () => api.payQuote(quote.paymentId) });
  const again = useMutation({
    mutationFn: () => api.requestQuote({ ...askAgain, sourceIdentifier: person.number }),
    onSuccess: (quoted) => show({ kind: 'quote', quote: quoted, askAgain }),
  });
  const total = formatMoney(quote.total, quote.currency);
  const openPayment = pay.error instanceof RequestError ? pay.error.openPaymentId : undefined;
  if (pay.data?.status === 'executed') {
    return (
      <PhonePage title={t('phone.send')}>
        <Paid
          name={quote.name}
          amount={formatMoney(quote.receiveAmount, quote.receiveCurrency)}
          paymentId={quote.paymentId}
        />
      </PhonePage>
    );
  }
  if (openPayment ?? pay.data?.status === 'pending') {
    return (
      <PhonePage title={t('phone.send')}>
        <PaymentOutcome paymentId={quote.paymentId} name={quote.name} />
      </PhonePage>
    );
  }
  const isOver = left <= 0 && !pay.isPending;
  return (
    <PhonePage title={t('phone.quoteTitle')}>
      <Terms
        rows={[
          [t('phone.arrives', { name: quote.name }), formatMoney(quote.receiveAmount, quote.receiveCurrency)],
          [t('phone.price'), formatMoney(quote.amount, quote.currency)],
          [t('phone.fee'), formatMoney(quote.fee, quote.currency)],
        ]}
        sum={[t('phone.total'), total]}
      />
      <Text size="sm" c={left < 30 ? 'var(--bad)' : 'dimmed'} className="figures" role="timer">
        {left > 0 ? t('phone.expiresIn', { time: formatSeconds(left) }) : t('phone.expired')}
      </Text>
      {pay.isError && <ProblemNote error={pay.error} />}
      {again.isError && <ProblemNote error={again.error} />}
      {isOver || pay.isError ? (
        <Button onClick={() => again.mutate()} loading={again.isPending}>
          {t('phone.askAgain')}
        </Button>
      ) : (
        <Button onClick={() => pay.mutate()} loading={pay.isPending} size="md">
          {t('phone.payQuote', { amount: total })}
        </Button>
      )}
    </PhonePage>
  );
}

const formatSeconds = (seconds: number) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;

function useSecondsUntil(time: string): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, Math.ceil((Date.parse(time) - now) / 1000));
}
