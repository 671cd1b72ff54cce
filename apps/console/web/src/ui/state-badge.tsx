import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { en } from '../texts/en';

const COLORS: Readonly<Record<string, string>> = {
  paid: 'green',
  executed: 'green',
  rejected: 'red',
  failed: 'red',
  notBegun: 'red',
  cancelled: 'gray',
  expired: 'orange',
  pending: 'yellow',
  unpaid: 'yellow',
  approved: 'yellow',
};

const isState = (state: string): state is keyof typeof en.state => state in en.state;

/** State of a payment, an invoice or a quote, in words and colour. */
export function StateBadge({ state, size = 'sm' }: { state: string; size?: 'sm' | 'md' | 'lg' }) {
  const { t } = useTranslation();
  return (
    <Badge
      variant="light"
      color={COLORS[state] ?? 'gray'}
      size={size}
      tt="none"
      fw={600}
      miw="max-content"
      style={{ flexShrink: 0 }}
    >
      {isState(state) ? t(`state.${state}`) : state}
    </Badge>
  );
}
