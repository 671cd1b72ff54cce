import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNetwork } from '../api/network';
import { ProblemNote } from '../ui/problem-note';
import { usePhone } from './phone-context';

/** The number that is being typed, and whose it is once it was looked up. */
export function usePersonSearch() {
  const { api } = usePhone();
  const [number, setNumber] = useState('');
  const find = useMutation({ mutationFn: () => api.findClient(number) });
  return { number, setNumber, find };
}

interface PersonSearchProps {
  label: string;
  search: ReturnType<typeof usePersonSearch>;
}

/** A number, and whose it is. */
export function PersonSearch({ label, search: { number, setNumber, find } }: PersonSearchProps) {
  const { t } = useTranslation();
  const { person } = usePhone();
  const { data: network } = useNetwork();
  // Nobody pays himself.
  const other = network?.participants.flatMap((one) => one.people).find((one) => one.number !== person.number);
  const change = (value: string) => {
    setNumber(value);
    find.reset();
  };
  return (
    <>
      <Stack gap={6}>
        <Group gap="xs" align="flex-end" wrap="nowrap">
          <TextInput
            style={{ flex: 1 }}
            label={label}
            value={number}
            inputMode="numeric"
            autoComplete="off"
            data-autofocus
            placeholder={other && t('phone.numberHint', { number: other.number })}
            classNames={{ input: 'figures' }}
            onChange={(event) => change(event.currentTarget.value.trim())}
          />
          <Button variant="default" onClick={() => find.mutate()} loading={find.isPending} disabled={number === ''}>
            {t('phone.find')}
          </Button>
        </Group>
        {find.data?.name && (
          <Text size="sm" role="status">
            {t('phone.found')}: <b>{find.data.name}</b>
          </Text>
        )}
      </Stack>
      {find.isError && <ProblemNote error={find.error} />}
    </>
  );
}
