import { Badge, Switch, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TimelineEntry } from '../api/payments';
import { useHopWords } from '../diagram/use-hop-words';
import { formatMs } from '../diagram/words';
import { formatClock } from '../ui/times';
import styles from './payments.module.css';
import { everyEntry, whatMatters } from './what-matters';

const COLORS = { hop: 'lagoon', state: 'green', ledgerEvent: 'blue', retry: 'orange', sweep: 'gray' };

/** Everything that happened to a payment, in the order of cause and effect. */
export function TimelineList({ entries }: { entries: readonly TimelineEntry[] }) {
  const { t } = useTranslation();
  const wordsOf = useHopWords();
  const [isShort, setShort] = useState(false);
  const shown = isShort ? whatMatters(entries) : everyEntry(entries);
  return (
    <>
      <Switch
        label={t('payment.onlyWhatMatters')}
        description={t('payment.onlyWhatMattersHint')}
        checked={isShort}
        onChange={(event) => setShort(event.currentTarget.checked)}
        p="sm"
      />
      <ol className={styles.entries}>
        {shown.map(({ entry, count, lastAt }, index) => (
          // Entries have no id of their own, and their order is final.
          // eslint-disable-next-line react/no-array-index-key
          <li key={index} className={styles.entry}>
            <Text size="xs" c="dimmed" className="figures" component="time" dateTime={entry.at}>
              {formatClock(entry.at)}
            </Text>
            <Badge variant="light" size="sm" tt="none" color={COLORS[entry.kind]}>
              {t(`payment.kind.${entry.kind}`)}
            </Badge>
            <span>
              {entry.hop && <b>{entry.hop} </b>}
              {wordsOf(entry.hop ?? null)?.what ?? entry.what}
              {entry.state && ` → ${entry.state}`}
              {count > 1 && <b> {t('payment.timesUntil', { count, time: formatClock(lastAt) })}</b>}
              <Text size="xs" c="dimmed" component="span" display="block">
                {[`${entry.dfsp ?? t('diagram.centre')}/${entry.role}`, entry.method, entry.path, entry.detail]
                  .filter((part) => part)
                  .join(' ')}
              </Text>
            </span>
            <Text size="xs" c="dimmed" className="figures">
              {[
                entry.status,
                entry.durationMs === undefined || entry.durationMs === null ? null : formatMs(entry.durationMs),
              ]
                .filter((part) => part !== null && part !== undefined)
                .join(' · ')}
            </Text>
          </li>
        ))}
      </ol>
    </>
  );
}
