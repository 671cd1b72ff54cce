import { Button, NativeSelect, NumberInput, SimpleGrid, Stack, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type FaultRule, switchFault } from '../api/faults';
import { type Network, useNetwork } from '../api/network';
import { hops } from '../texts/en-hops';
import { ProblemNote } from '../ui/problem-note';

const ACTIONS = ['refuse', 'delay', 'hang', 'cutBefore', 'cutAfter', 'duplicate', 'late'] as const;
type Action = (typeof ACTIONS)[number];

function actionOf(action: Action, ms: number): FaultRule['action'] {
  switch (action) {
    case 'refuse':
      return { do: 'refuse', status: 503, id: 'ServiceUnavailableError' };
    case 'cutBefore':
      return { do: 'cut', when: 'before' };
    case 'cutAfter':
      return { do: 'cut', when: 'after' };
    case 'delay':
    case 'late':
      return { do: action, ms };
    default:
      return { do: action };
  }
}

const placesOf = ({ participants, centre }: Network): string[] => [
  ...centre.roles.map(({ role }) => role),
  ...participants.flatMap(({ name, roles }) => roles.map(({ role }) => `${name}/${role}`)),
];

/** Any rule: where, what, and how often. */
export function CustomFault() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { data: network } = useNetwork();
  const [place, setPlace] = useState('');
  const [hop, setHop] = useState('');
  const [action, setAction] = useState<Action>('delay');
  const [ms, setMs] = useState(2_000);
  const [times, setTimes] = useState('');
  const rule: FaultRule = {
    ...(place === '' ? {} : { place }),
    ...(hop === '' ? {} : { hop }),
    ...(times === '' ? {} : { times: Number(times) }),
    action: actionOf(action, ms),
  };
  const switchOn = useMutation({
    mutationFn: () => switchFault(rule),
    onSettled: () => queries.invalidateQueries({ queryKey: ['faults'] }),
  });
  const hopIds = Object.keys(hops).map((key) => key.replace('_', '.'));
  return (
    <section aria-label={t('faults.own')}>
      <Title order={2} size="h4" mb="xs">
        {t('faults.own')}
      </Title>
      <form
        className="panel"
        style={{ padding: '1rem' }}
        onSubmit={(event) => {
          event.preventDefault();
          switchOn.mutate();
        }}
      >
        <Stack gap="sm">
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
            <NativeSelect
              label={t('faults.place')}
              value={place}
              data={[{ value: '', label: t('faults.anywhere') }, ...(network ? placesOf(network) : [])]}
              onChange={(event) => setPlace(event.currentTarget.value)}
            />
            <NativeSelect
              label={t('diagram.hop')}
              value={hop}
              data={[{ value: '', label: t('faults.anyHop') }, ...hopIds]}
              onChange={(event) => setHop(event.currentTarget.value)}
            />
            <NativeSelect
              label={t('faults.what')}
              value={action}
              data={ACTIONS.map((value) => ({ value, label: t(`faults.action.${value}`) }))}
              onChange={(event) => setAction(event.currentTarget.value as Action)}
            />
            <NumberInput
              label={t('faults.ms')}
              value={ms}
              min={0}
              max={60_000}
              step={500}
              disabled={action !== 'delay' && action !== 'late'}
              onChange={(value) => setMs(Number(value))}
            />
            <TextInput
              label={t('faults.times')}
              value={times}
              inputMode="numeric"
              placeholder={t('faults.forEver')}
              onChange={(event) => setTimes(event.currentTarget.value.replaceAll(/\D/g, ''))}
            />
          </SimpleGrid>
          {switchOn.isError && <ProblemNote error={switchOn.error} />}
          <Button type="submit" variant="default" loading={switchOn.isPending}>
            {t('faults.switchOn')}
          </Button>
        </Stack>
      </form>
    </section>
  );
}
