import { Button, Group, Loader, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { QRCodeSVG } from 'qrcode.react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RequestError } from '../api/request';
import { formatMoney, isAmount } from '../ui/money';
import { ProblemNote } from '../ui/problem-note';
import { Paid, PaymentOutcome } from './pay-screens';
import { invoiceUrlOf, usePhone, usePhoneQuery } from './phone-context';
import { AccountSelect, AmountInput, PhonePage, Terms } from './phone-parts';
import styles from './phone.module.css';
import { canScan, codeOf, invoiceUrlIn, scanCode } from './scanning';

/** A product with a price, which everybody with its code can buy. */
export function NewProductScreen() {
  const { t } = useTranslation();
  const { api, person, scale, show } = usePhone();
  const [amount, setAmount] = useState('');
  const [info, setInfo] = useState('');
  const issue = useMutation({
    mutationFn: () =>
      api.issueInvoice({
        account: person.accounts[0] ?? '',
        amount,
        info,
        merchantIdentifier: person.number,
        invoiceType: 'product',
      }),
    onSuccess: ({ invoiceId }) => show({ kind: 'product', invoiceId }),
  });
  const isReady = info !== '' && isAmount(amount, scale);
  return (
    <PhonePage title={t('phone.product')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) issue.mutate();
        }}
      >
        <Stack gap="sm">
          <TextInput
            label={t('phone.product_')}
            value={info}
            maxLength={120}
            onChange={(event) => setInfo(event.currentTarget.value)}
          />
          <AmountInput value={amount} onChange={setAmount} />
          {issue.isError && <ProblemNote error={issue.error} />}
          <Button type="submit" disabled={!isReady} loading={issue.isPending}>
            {t('phone.makeCode')}
          </Button>
        </Stack>
      </form>
    </PhonePage>
  );
}

/** The code of a product, for the other phone. */
export function ProductScreen({ invoiceId }: { invoiceId: string }) {
  const { t } = useTranslation();
  const { participant, offer } = usePhone();
  const invoiceUrl = invoiceUrlOf(participant, invoiceId);
  const { data: product } = usePhoneQuery(['invoice', invoiceId], (api) => api.readMerchantInvoice(invoiceId));
  useEffect(() => {
    offer(invoiceUrl);
    return () => offer(null);
  }, [invoiceUrl, offer]);
  return (
    <PhonePage title={product?.invoiceInfo ?? t('phone.product')}>
      <Stack align="center" gap="md">
        {product && (
          <Text fz="1.6rem" fw={650} className="figures">
            {formatMoney(product.amount, product.currencyCode)}
          </Text>
        )}
        <div className={styles.code}>
          <QRCodeSVG value={codeOf(invoiceUrl)} size={208} title={t('phone.product')} />
        </div>
        <Text size="sm" c="dimmed" ta="center">
          {t('phone.codeHint')}
        </Text>
      </Stack>
    </PhonePage>
  );
}

/** Reads the code of a product: with the camera, from the other phone on this page, or as text. */
export function ScanScreen() {
  const { t } = useTranslation();
  const { offered, show } = usePhone();
  const [text, setText] = useState('');
  const video = useRef<HTMLVideoElement>(null);
  const [hasCamera, setHasCamera] = useState(canScan());
  useEffect(() => {
    if (!video.current || !hasCamera) return undefined;
    const stop = new AbortController();
    scanCode(video.current, stop.signal).then(
      (code) => show({ kind: 'buy', invoiceUrl: invoiceUrlIn(code) }),
      () => {
        if (!stop.signal.aborted) setHasCamera(false);
      },
    );
    return () => stop.abort();
  }, [hasCamera, show]);
  return (
    <PhonePage title={t('phone.scan')}>
      {hasCamera ? (
        <>
          <video ref={video} muted playsInline style={{ width: '100%', borderRadius: 12, background: '#000' }} />
          <Text size="sm" c="dimmed" ta="center">
            {t('phone.scanCamera')}
          </Text>
        </>
      ) : (
        <Text size="sm" c="dimmed">
          {t('phone.scanNone')}
        </Text>
      )}
      {offered ? (
        <Button onClick={() => show({ kind: 'buy', invoiceUrl: offered })}>{t('phone.takeOver')}</Button>
      ) : (
        <Text size="sm" c="dimmed">
          {t('phone.takeOverNone')}
        </Text>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (text !== '') show({ kind: 'buy', invoiceUrl: invoiceUrlIn(text) });
        }}
      >
        <Group gap="xs" align="flex-end" wrap="nowrap">
          <TextInput
            style={{ flex: 1 }}
            label={t('phone.scanPaste')}
            value={text}
            onChange={(event) => setText(event.currentTarget.value.trim())}
          />
          <Button variant="default" type="submit" disabled={text === ''}>
            {t('phone.read')}
          </Button>
        </Group>
      </form>
    </PhonePage>
  );
}

/** A product that was scanned: what it is and costs; to be paid or not. */
export function BuyScreen({ invoiceUrl }: { invoiceUrl: string }) {
  const { t } = useTranslation();
  const { api, person, participant, show } = usePhone();
  const [account, setAccount] = useState(person.accounts[0] ?? '');
  const invoice = useQuery({
    queryKey: ['bought', participant.name, invoiceUrl],
    queryFn: () => api.readInvoice(invoiceUrl),
    retry: false,
  });
  const pay = useMutation({ mutationFn: () => api.payInvoice(invoiceUrl, person.number, account) });
  if (invoice.isPending) {
    return (
      <PhonePage title={t('phone.scan')}>
        <Loader size="sm" mx="auto" />
      </PhonePage>
    );
  }
  if (invoice.isError) {
    return (
      <PhonePage title={t('phone.scan')}>
        <ProblemNote error={invoice.error} retry={() => void invoice.refetch()} />
      </PhonePage>
    );
  }
  const { name, amount, currencyCode, fee = '0', invoiceInfo } = invoice.data;
  const money = formatMoney(amount, currencyCode);
  const openPayment = pay.error instanceof RequestError ? pay.error.openPaymentId : undefined;
  if (pay.data?.status === 'paid') {
    return (
      <PhonePage title={invoiceInfo}>
        <Paid name={name} amount={money} paymentId={pay.data.paymentId} />
      </PhonePage>
    );
  }
  if (openPayment ?? pay.data) {
    return (
      <PhonePage title={invoiceInfo}>
        <PaymentOutcome paymentId={openPayment ?? pay.data!.paymentId} name={name} />
      </PhonePage>
    );
  }
  return (
    <PhonePage title={invoiceInfo}>
      <Terms
        rows={[
          [t('phone.merchant'), name],
          [t('phone.price'), money],
          [t('phone.fee'), formatMoney(fee, currencyCode)],
        ]}
      />
      <AccountSelect value={account} onChange={setAccount} />
      {pay.isError && <ProblemNote error={pay.error} />}
      <Stack gap="xs">
        <Button size="md" onClick={() => pay.mutate()} loading={pay.isPending}>
          {t('phone.approve', { amount: money })}
        </Button>
        <Button variant="default" onClick={() => show({ kind: 'home' })} disabled={pay.isPending}>
          {t('common.cancel')}
        </Button>
      </Stack>
    </PhonePage>
  );
}
