import { NativeSelect, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNetwork } from '../api/network';
import { isoOfLocal, localOfIso } from '../ui/times';

interface Filters {
  dfsp?: string;
  /** ISO 8601. */
  from?: string;
  to?: string;
}

/** Fields that choose a DFSP and a part of time of a list. */
export function DfspAndTime({ filters, change }: { filters: Filters; change: (part: Filters) => void }) {
  const { t } = useTranslation();
  const { data: network } = useNetwork();
  return (
    <>
      <NativeSelect
        label={t('operator.dfsp')}
        value={filters.dfsp ?? ''}
        data={[{ value: '', label: t('operator.any') }, ...(network?.participants.map(({ name }) => name) ?? [])]}
        onChange={(event) => change({ dfsp: event.currentTarget.value })}
      />
      {(['from', 'to'] as const).map((end) => (
        <TextInput
          key={end}
          label={t(`operator.${end}`)}
          type="datetime-local"
          defaultValue={localOfIso(filters[end])}
          onChange={(event) => change({ [end]: isoOfLocal(event.currentTarget.value) })}
        />
      ))}
    </>
  );
}
