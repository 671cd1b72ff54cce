import { Button, Divider, Group, Stack, Text, Textarea, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { QRCodeSVG } from 'qrcode.react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Receipt, useReceipt } from '../api/payments';
import { classNames } from '../ui/class-names';
import { EmptyNote } from '../ui/empty-note';
import { CheckIcon, CrossIcon, DownloadIcon, PrintIcon } from '../ui/icons';
import { Loaded } from '../ui/loading';
import { PageHead } from '../ui/page-head';
import styles from './payments.module.css';
import { checkReceipt, readReceipt, receiptInUrl, receiptUrl } from './receipt-check';
import { termRows } from './receipt-terms';

/** The receipt of a payment: to be read, printed, kept, and checked by anybody. */
export function ReceiptPage({ paymentId }: { paymentId: string }) {
  const receipt = useReceipt(paymentId);
  const { t } = useTranslation();
  return (
    <Loaded query={receipt}>
      {(data) =>
        data ? <ReceiptView receipt={data} /> : <EmptyNote title={t('receipt.none')} text={t('receipt.noneDo')} />
      }
    </Loaded>
  );
}

function ReceiptView({ receipt }: { receipt: Receipt }) {
  const { t } = useTranslation();
  return (
    <article className={`panel ${styles.receipt}`}>
      <Stack gap="lg">
        <div className={styles.receiptTop}>
          <div>
            <Title order={1} size="h2">
              {t('receipt.title')}
            </Title>
            <Text c="dimmed" size="sm" maw={380}>
              {t('receipt.lead')}
            </Text>
          </div>
          <div className={styles.code}>
            <QRCodeSVG value={receiptUrl(receipt)} size={196} level="L" title={t('receipt.code')} />
          </div>
        </div>
        <VerdictNote receipt={receipt} />
        <Divider />
        <dl className={styles.terms}>
          {termRows(receipt, t).map(([name, value]) => (
            <Row key={name} name={name} value={value} />
          ))}
        </dl>
        <Divider />
        <dl className={styles.terms}>
          <Row name={t('receipt.payment')} value={receipt.paymentId} isCode />
          <Row name={t('receipt.condition')} value={receipt.condition} isCode />
          <Row name={t('receipt.fulfillment')} value={receipt.fulfillment} isCode />
        </dl>
        <Text size="xs" c="dimmed">
          {t('receipt.how')}
        </Text>
        <Group className="not-printed">
          <Button variant="default" leftSection={<PrintIcon size={16} />} onClick={() => window.print()}>
            {t('receipt.print')}
          </Button>
          <Button
            variant="default"
            leftSection={<DownloadIcon size={16} />}
            component="a"
            href={`data:application/json,${encodeURIComponent(JSON.stringify(receipt, null, 2))}`}
            download={`receipt-${receipt.paymentId}.json`}
          >
            {t('receipt.download')}
          </Button>
        </Group>
      </Stack>
    </article>
  );
}

function Row({ name, value, isCode = false }: { name: string; value: string; isCode?: boolean }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className={isCode ? 'mono' : undefined}>{value}</dd>
    </>
  );
}

/** Says whether the fulfilment belongs to the condition: worked out here, without asking anybody. */
function VerdictNote({ receipt }: { receipt: Receipt }) {
  const { t } = useTranslation();
  const check = useQuery({
    queryKey: ['check', receipt.condition, receipt.fulfillment],
    queryFn: () => checkReceipt(receipt),
    staleTime: Infinity,
  });
  if (!check.data) return null;
  const isValid = check.data === 'valid';
  return (
    <div className={classNames(styles.verdict, !isValid && styles.isBad)} role="status" data-verdict={check.data}>
      {isValid ? <CheckIcon /> : <CrossIcon />}
      {t(`receipt.verdict.${check.data}`)}
    </div>
  );
}

/** Checks a receipt that somebody shows: pasted, opened as a file, or read from a code. Nothing is sent anywhere. */
export function CheckReceiptPage() {
  const { t } = useTranslation();
  const [text, setText] = useState(receiptInUrl);
  const receipt = readReceipt(text);
  return (
    <>
      <div className="not-printed">
        <PageHead title={t('receipt.checkTitle')} lead={t('receipt.checkLead')} />
        <Textarea
          label={t('receipt.paste')}
          value={text}
          autosize
          minRows={3}
          maxRows={8}
          mb="lg"
          classNames={{ input: 'mono' }}
          error={text !== '' && !receipt ? t('receipt.noReceipt') : undefined}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </div>
      {receipt && <ReceiptView receipt={receipt} />}
    </>
  );
}
