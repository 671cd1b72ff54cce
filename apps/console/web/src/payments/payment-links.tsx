import { Anchor, Button, Group, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useSearch } from 'wouter';
import { useHistoryState } from 'wouter/use-browser-location';
import { findPaymentIds } from '../api/payments';
import { operator } from '../texts/en-operator';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** At least what lists show of an id. */
const BEGINNING = /^[0-9a-f]{8}[0-9a-f-]{0,28}$/i;

/** What may stand around an id that is copied. */
const AROUND = /[\s"'“”‘’(){}[\]<>…]/g;

/** Finds a payment by its id, or by the beginning of it. */
export function PaymentSearch() {
  const { t } = useTranslation();
  const open = useOpenPayment();
  const [id, setId] = useState('');
  const find = useMutation({ mutationFn: findPaymentIds });
  const isBeginning = BEGINNING.test(id);
  const submit = async () => {
    if (UUID.test(id)) return open(id.toLowerCase());
    const found = await find.mutateAsync(id).catch(() => []);
    if (found.length === 1) open(found[0]!);
  };
  const problem = () => {
    if (id !== '' && !isBeginning) return t('payment.noId');
    if (find.isError) return t('payment.notLookedUp');
    if (!find.data || find.data.length === 1) return undefined;
    return t(find.data.length === 0 ? 'payment.noSuchBeginning' : 'payment.manyBegin');
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isBeginning) void submit();
      }}
    >
      <Group gap="xs" align="flex-start" wrap="nowrap">
        <TextInput
          aria-label={t('payment.byId')}
          placeholder={t('payment.byId')}
          value={id}
          w={{ base: '100%', sm: 320 }}
          error={problem()}
          onChange={(event) => {
            find.reset();
            setId(event.currentTarget.value.replaceAll(AROUND, ''));
          }}
        />
        <Button
          type="submit"
          variant="default"
          disabled={!isBeginning}
          loading={find.isPending}
          style={{ flex: 'none' }}
        >
          {t('payment.open')}
        </Button>
      </Group>
    </form>
  );
}

interface CameFrom {
  list?: string;
}

/** The page of an operator on which somebody is, with its filters; undefined elsewhere. */
function useList(): string | undefined {
  const [path] = useLocation();
  const search = useSearch();
  if (!path.startsWith('/operator/')) return undefined;
  return search === '' ? path : `${path}?${search}`;
}

function useOpenPayment(): (paymentId: string) => void {
  const [, navigate] = useLocation();
  const list = useList();
  return (paymentId) => navigate(`/payments/${paymentId}`, { state: { list } satisfies CameFrom });
}

/** A link to a payment by the beginning of its id; the page that it opens leads back. */
export function PaymentLink({ paymentId }: { paymentId: string }) {
  const list = useList();
  return (
    <Anchor
      className="mono"
      title={paymentId}
      renderRoot={(props) => <Link {...props} href={`/payments/${paymentId}`} state={{ list } satisfies CameFrom} />}
    >
      {paymentId.slice(0, 8)}
    </Anchor>
  );
}

type OperatorPage = keyof typeof operator.nav;
const isPage = (name: string): name is OperatorPage => name in operator.nav;

/** The way back to the operator's list from which a payment was opened, with its filters. */
export function BackToList() {
  const { t } = useTranslation();
  const { list } = useHistoryState<CameFrom | null>() ?? {};
  const [, name = ''] = /^\/operator\/(\w+)/.exec(list ?? '') ?? [];
  if (list === undefined || !isPage(name)) return <></>;
  return (
    <Anchor component={Link} href={list} size="sm" display="inline-block" mb="xs">
      {t('payment.backTo', { list: t(`operator.nav.${name}`) })}
    </Anchor>
  );
}
