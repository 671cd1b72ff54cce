import { Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { availableOf, type LedgerAccount } from '../api/ledger-steps';
import { useLive } from '../api/live-feed';
import { useNetwork } from '../api/network';
import { classNames } from '../ui/class-names';
import { formatAmount } from '../ui/money';
import styles from './ledgers.module.css';

/** Accounts that every payment moves come first: people, then connectors and DFSPs. */
const isShown = ({ name, balance, held }: LedgerAccount, people: ReadonlySet<string>) =>
  people.has(name) ||
  /connector|^dfsp\d|fees?$/.test(name) ||
  Number(held) !== 0 ||
  (name !== 'issuance' && Number(balance) !== 0);

const rank = ({ name }: LedgerAccount, people: ReadonlySet<string>) => (people.has(name) ? 0 : 1);

/** Balances of the ledgers as they move, with what is held and what is available. */
export function Ledgers({ order, people }: { order: readonly string[]; people?: readonly string[] }) {
  const { t } = useTranslation();
  const { ledgers } = useLive();
  const { data: network } = useNetwork();
  const scale = network?.scale ?? 2;
  const shown = new Set(
    people ?? network?.participants.flatMap((one) => one.people.flatMap(({ accounts }) => accounts)),
  );
  return (
    <div className={styles.ledgers}>
      {order.map((ledger) => {
        const accounts = (ledgers[ledger] ?? []).filter((account) =>
          people
            ? shown.has(account.name) || (rank(account, shown) === 1 && isConnector(account.name))
            : isShown(account, shown),
        );
        const title = ledger === 'centre' ? t('ledgers.centre') : t('ledgers.ledgerOf', { name: ledger });
        return (
          <section key={ledger} className={`panel ${styles.ledger}`} aria-label={title}>
            <Title order={3} size="xs" c="dimmed" fw={600}>
              {title}
            </Title>
            {accounts.length === 0 && (
              <Text size="xs" c="dimmed">
                {t('ledgers.waiting')}
              </Text>
            )}
            {accounts.length > 0 && <Heads />}
            {accounts
              .toSorted((a, b) => rank(a, shown) - rank(b, shown) || a.name.localeCompare(b.name))
              .map((account) => (
                <Account key={account.name} account={account} scale={scale} />
              ))}
          </section>
        );
      })}
    </div>
  );
}

/** Heads of the columns, where there is room for columns; else each figure says what it is. */
function Heads() {
  const { t } = useTranslation();
  return (
    <div className={classNames(styles.account, styles.heads)} aria-hidden>
      <span />
      <span>{t('ledgers.balance')}</span>
      <span>{t('ledgers.held')}</span>
      <span>{t('ledgers.available')}</span>
    </div>
  );
}

const isConnector = (name: string) => /connector|^dfsp\d/.test(name);

function Account({ account, scale }: { account: LedgerAccount; scale: number }) {
  const { t } = useTranslation();
  const { name, balance, held } = account;
  const isHeld = Number(held) !== 0;
  return (
    <div className={styles.account} data-account={name}>
      <span className={styles.name} title={name}>
        {name}
      </span>
      <Figure name={t('ledgers.balance')} value={balance} scale={scale} />
      <Figure name={t('ledgers.held')} value={held} scale={scale} className={classNames(isHeld && styles.isHeld)} />
      <Figure name={t('ledgers.available')} value={availableOf(account)} scale={scale} />
    </div>
  );
}

interface FigureProps {
  name: string;
  value: string;
  scale: number;
  className?: string;
}

function Figure({ name, value, scale, className }: FigureProps) {
  return (
    <span className={classNames(styles.figure, className)}>
      <span className={styles.figureName}>{name} </span>
      {/* It flashes when it changes. */}
      <span key={value} className={`figures ${styles.flash}`}>
        {formatAmount(value, scale)}
      </span>
    </span>
  );
}
