import { Group, NativeSelect, SegmentedControl, Skeleton, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { type ReactNode, useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clearTraces } from '../api/live-feed';
import { type Network, type Participant, type Person, useNetwork } from '../api/network';
import { Ledgers } from '../diagram/ledgers';
import { Legend } from '../diagram/legend';
import { LiveStories } from '../diagram/live-stories';
import { EmptyNote } from '../ui/empty-note';
import { ProblemNote } from '../ui/problem-note';
import { Phone } from './phone';
import { useRefreshPhones } from './phone-context';
import { openedInvoice } from './scanning';
import styles from './start-page.module.css';

interface Holder {
  participant: Participant;
  person: Person;
}

/** A merchant and a customer side by side, and the network between them as it works. */
export function StartPage() {
  const { t } = useTranslation();
  const network = useNetwork();
  if (network.isPending) return <Skeleton h={480} radius="lg" />;
  if (network.isError) return <ProblemNote error={network.error} retry={() => void network.refetch()} />;
  const holders = holdersOf(network.data);
  if (holders.length < 2) return <EmptyNote title={t('start.noPeople')} text={t('start.noPeopleDo')} />;
  return <TwoPhones holders={holders} />;
}

const holdersOf = ({ participants }: Network): Holder[] =>
  participants.flatMap((participant) => participant.people.map((person) => ({ participant, person })));

/** A customer, and a merchant of another DFSP where there is one. */
function firstPair(holders: readonly Holder[]): [Holder, Holder] {
  const customer = holders.find(({ person }) => !person.isMerchant) ?? holders[0]!;
  const merchants = holders.filter(({ person }) => person.isMerchant && person !== customer.person);
  const merchant = merchants.find(({ participant }) => participant !== customer.participant) ?? merchants[0];
  return [merchant ?? holders.find((one) => one !== customer)!, customer];
}

type Part = 'left' | 'network' | 'right';

function TwoPhones({ holders }: { holders: readonly Holder[] }) {
  const { t } = useTranslation();
  useRefreshPhones();
  const [[left, right], setPair] = useState(() => firstPair(holders));
  const [bought] = useState(openedInvoice);
  const [part, setPart] = useState<Part>(bought ? 'right' : 'left');
  const isNarrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const [leftOffer, setLeftOffer] = useState<string | null>(null);
  const [rightOffer, setRightOffer] = useState<string | null>(null);
  const accounts = [...left.person.accounts, ...right.person.accounts];
  const isShown = (which: Part) => !isNarrow || part === which;
  const choose = useCallback(
    (side: 'left' | 'right', number: string) => {
      const holder = holders.find(({ person }) => person.number === number);
      if (holder) setPair(([a, b]) => (side === 'left' ? [holder, b] : [a, holder]));
    },
    [holders],
  );

  return (
    <Stack gap="md">
      <div>
        <Title order={1} size="h2">
          {t('start.title')}
        </Title>
        <Text c="dimmed">{t('start.lead')}</Text>
      </div>
      {isNarrow && (
        <SegmentedControl
          aria-label={t('diagram.view')}
          value={part}
          onChange={(value) => setPart(value)}
          data={[
            { value: 'left', label: left.person.name },
            { value: 'network', label: t('start.network') },
            { value: 'right', label: right.person.name },
          ]}
        />
      )}
      <div className={styles.stage}>
        <Place isShown={isShown('left')} label={t('start.leftPhone')}>
          <HolderSelect
            label={t('start.leftPhone')}
            holders={holders}
            value={left.person.number}
            other={right.person.number}
            onChange={(number) => choose('left', number)}
          />
          <Phone
            key={left.person.number}
            {...left}
            label={t('start.leftPhone')}
            offered={rightOffer}
            onOffer={setLeftOffer}
          />
        </Place>
        <Place isShown={isShown('network')} label={t('start.network')}>
          <Ledgers order={orderOf(left, right)} people={accounts} />
          <div className={`panel ${styles.diagram}`}>
            <Group justify="space-between" px="sm" py={8} className={styles.diagramHead}>
              <Title order={2} size="sm">
                {t('diagram.title')}
              </Title>
              <UnstyledButton onClick={clearTraces} fz="xs" c="var(--mantine-color-anchor)">
                {t('diagram.clear')}
              </UnstyledButton>
            </Group>
            <div className={styles.stories}>
              <LiveStories left={left.participant.name} height="100%" />
            </div>
            <div className={styles.legend}>
              <Legend />
            </div>
          </div>
        </Place>
        <Place isShown={isShown('right')} label={t('start.rightPhone')}>
          <HolderSelect
            label={t('start.rightPhone')}
            holders={holders}
            value={right.person.number}
            other={left.person.number}
            onChange={(number) => choose('right', number)}
          />
          <Phone
            key={right.person.number}
            {...right}
            label={t('start.rightPhone')}
            first={bought ? { kind: 'buy', invoiceUrl: bought } : undefined}
            offered={leftOffer}
            onOffer={setRightOffer}
          />
        </Place>
      </div>
    </Stack>
  );
}

function Place({ isShown, label, children }: { isShown: boolean; label: string; children: ReactNode }) {
  return (
    <div className={styles.place} hidden={!isShown} data-place={label}>
      {children}
    </div>
  );
}

interface HolderSelectProps {
  label: string;
  holders: readonly Holder[];
  value: string;
  other: string;
  onChange: (number: string) => void;
}

function HolderSelect({ label, holders, value, other, onChange }: HolderSelectProps) {
  return (
    <NativeSelect
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={holders
        .filter(({ person }) => person.number !== other)
        .map(({ participant, person }) => ({ value: person.number, label: `${person.name} · ${participant.name}` }))}
    />
  );
}

/** Ledgers in the order of the drawing. */
const orderOf = (left: Holder, right: Holder): string[] => [
  ...new Set([left.participant.name, 'centre', right.participant.name]),
];
