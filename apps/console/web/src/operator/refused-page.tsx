import { Badge, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { type Refusal, type RefusalFilters, useRefusals } from '../api/refusals';
import { useNames } from '../phones/use-names';
import { DataTable } from '../ui/data-table';
import { Loaded, MoreButton } from '../ui/loading';
import { MissingNotes } from '../ui/missing-notes';
import { PageHead } from '../ui/page-head';
import { operator } from '../texts/en-operator';
import { useStepWords } from '../payments/use-step-words';
import { formatTime } from '../ui/times';
import { isKnownReason, useReasonWords } from '../ui/use-reason-words';
import { DfspAndTime } from './dfsp-and-time';
import { useListFilters } from './use-list-filters';

const FILTERS = ['text', 'dfsp', 'from', 'to'] as const;

/** What DFSPs refused before there was a payment: rows of lists, and requests. */
export function RefusedPage() {
  const { t } = useTranslation();
  const [filters, change] = useListFilters<RefusalFilters>(FILTERS);
  const [settled] = useDebouncedValue(filters, 300);
  const refusals = useRefusals(settled);
  return (
    <>
      <PageHead title={t('operator.nav.refused')} lead={t('operator.lead.refused')} />
      <Stack gap="md">
        <Group gap="sm" align="flex-end">
          <TextInput
            label={t('operator.search')}
            placeholder={t('operator.refusedHint')}
            w={{ base: '100%', sm: 330 }}
            value={filters.text ?? ''}
            onChange={(event) => change({ text: event.currentTarget.value.trim() })}
          />
          <DfspAndTime filters={filters} change={change} />
        </Group>
        <Loaded query={refusals}>
          {({ pages }) => (
            <>
              <MissingNotes missing={pages.at(-1)?.missing ?? []} />
              <RefusalsTable rows={pages.flatMap((page) => page.refusals)} />
            </>
          )}
        </Loaded>
        <Text size="sm" c="dimmed">
          {t('operator.refusedNote')}
        </Text>
        <MoreButton pages={refusals} />
      </Stack>
    </>
  );
}

function RefusalsTable({ rows }: { rows: readonly Refusal[] }) {
  const { t } = useTranslation();
  return (
    <DataTable
      label={t('operator.nav.refused')}
      rows={rows}
      keyOf={({ createdAt, dfsp, row }, index) =>
        row ? `${row.bulkPaymentId} ${row.line}` : `${createdAt} ${dfsp} ${index}`
      }
      empty={t('operator.nothingRefused')}
      columns={[
        { head: t('operator.at_'), cell: ({ createdAt }) => formatTime(createdAt) },
        { head: t('operator.dfsp'), cell: ({ dfsp }) => dfsp },
        { head: t('operator.what'), cell: (refusal) => <What refusal={refusal} /> },
        { head: t('operator.reason'), cell: (refusal) => <Why refusal={refusal} /> },
        {
          head: t('operator.fault'),
          cell: ({ fault }) => <Text size="xs">{t(`operator.faults.${fault ?? 'unknown'}`)}</Text>,
        },
        { head: t('operator.todo'), cell: (refusal) => <Todo refusal={refusal} /> },
      ]}
    />
  );
}

function What({ refusal: { row, path = '' } }: { refusal: Refusal }) {
  const { t } = useTranslation();
  const names = useNames();
  if (!row) return <>{t(`operator.request.${requestOf(path)}`)}</>;
  const { bulkPaymentId, line, state, sourceIdentifier, identifier, amount, currency = '' } = row;
  const money = `${amount} ${currency}`.trim();
  return (
    <Stack gap={2} miw={170}>
      <span>
        {t('operator.rowOf', { line, amount: money, payer: names(sourceIdentifier), payee: names(identifier) })}
      </span>
      <Text size="xs" c="dimmed" className="mono" style={{ overflowWrap: 'anywhere' }}>
        {t('operator.listId', { id: bulkPaymentId })}
      </Text>
      <Badge variant="light" color="red" tt="none" size="sm">
        {t(`operator.rowState.${state}`)}
      </Badge>
    </Stack>
  );
}

const REQUESTS = { quote: 'price', bulkPayments: 'list' } as const;

/** What a channel wanted, by the last word of the path. */
function requestOf(path: string): 'price' | 'list' | 'pay' {
  const last = path.split('/').at(-1) ?? '';
  return last in REQUESTS ? REQUESTS[last as keyof typeof REQUESTS] : 'pay';
}

function Why({ refusal }: { refusal: Refusal }) {
  const { t } = useTranslation();
  const { id, message, means, type = '' } = refusal;
  const words = useReasonWords();
  const step = useFailedStep(refusal);
  const reason = { id: id ?? undefined, message };
  const given = message ?? means?.replaceAll('`', '');
  const said = isKnownReason(reason) || given === undefined ? words(reason).what : given;
  const what = isType(type) ? t(`operator.refusedTypes.${type}`) : said;
  return (
    <Stack gap={2} miw={150} maw={260}>
      <Text size="xs" title={[id, type, message].filter((part) => part).join(': ')}>
        {what}
      </Text>
      {step !== undefined && (
        <Text size="xs" c="dimmed">
          {step}
        </Text>
      )}
    </Stack>
  );
}

/** What failed first, where a system did: a customer who decides otherwise breaks no step. */
function useFailedStep({ failed, fault }: Refusal): string | undefined {
  const { t } = useTranslation();
  const words = useStepWords();
  return failed && (fault === 'other' || fault === 'operator')
    ? t('operator.failedFirst', { step: words(failed) })
    : undefined;
}

const isType = (type: string): type is keyof typeof operator.refusedTypes => type in operator.refusedTypes;

function Todo({ refusal: { id, message, advice } }: { refusal: Refusal }) {
  const words = useReasonWords();
  const reason = { id: id ?? undefined, message };
  return (
    <Text size="xs" miw={150} maw={280}>
      {isKnownReason(reason) || advice === null ? words(reason).todo : advice.replaceAll('`', '')}
    </Text>
  );
}
