import { Anchor, Text, Title } from '@mantine/core';
import { type UIEvent, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { type Span, useLive } from '../api/live-feed';
import { EmptyNote } from '../ui/empty-note';
import { type Arrow, arrowsOf, isBetweenRoles, storyOf } from './arrows';
import type { View } from './drawing-and-words';
import styles from './live-stories.module.css';
import { Steps } from './steps';
import { formatMs } from './words';

interface StoriesProps {
  /** DFSP that is drawn on the left. */
  left: string;
  isWide?: boolean;
  height: string;
  view?: View;
  /** Told of the chosen step; then it is shown there and not below its row. */
  onSelect?: (arrow: Arrow | null) => void;
}

interface LiveStory {
  id: string;
  arrows: Arrow[];
}

/** Stories shown at once; older ones are under Operator, Payments. */
const STORIES_SHOWN = 8;

function storiesOf(traces: readonly (readonly Span[])[]): LiveStory[] {
  return traces
    .map((spans) => ({ id: spans[0]!.traceId, arrows: arrowsOf(spans) }))
    .filter(({ arrows }) => isBetweenRoles(arrows))
    .toSorted((a, b) => a.arrows.at(-1)!.startMs - b.arrows.at(-1)!.startMs)
    .slice(-STORIES_SHOWN);
}

/**
 * What happens in the network as it happens: the steps of each trace. At the end is the one that went on last: a payment
 * may have begun with its price, and an invoice is read again before it is paid.
 */
export function LiveStories({ left, isWide, height, view = 'drawing', onSelect }: StoriesProps) {
  const { t } = useTranslation();
  const { traces } = useLive();
  const stories = useMemo(() => storiesOf(traces), [traces]);
  const followEnd = useFollowEnd();
  if (stories.length === 0) return <EmptyNote title={t('diagram.empty')} text={t('diagram.emptyDo')} />;
  return (
    <div
      className={styles.list}
      {...followEnd}
      style={{ height }}
      tabIndex={0}
      role="region"
      aria-label={t('diagram.title')}
    >
      {stories.map(({ id, arrows }) => (
        <section key={id} className={styles.story} data-story={storyOf(arrows)}>
          <StoryTitle arrows={arrows} />
          <Steps arrows={arrows} left={left} view={view} isWide={isWide} onSelect={onSelect} />
        </section>
      ))}
    </div>
  );
}

function StoryTitle({ arrows }: { arrows: readonly Arrow[] }) {
  const { t } = useTranslation();
  const paymentId = arrows.find((arrow) => arrow.paymentId !== null)?.paymentId;
  const first = arrows[0]!;
  const total = Math.max(...arrows.map(({ startMs, durationMs }) => startMs + durationMs)) - first.startMs;
  return (
    <div className={styles.title}>
      <Title order={3} size="sm">
        {t(`diagram.story.${storyOf(arrows)}`)}
      </Title>
      <Text size="xs" c="dimmed" className="figures">
        {t('diagram.steps', { count: arrows.length })} · {formatMs(total)}
      </Text>
      {paymentId && (
        <Anchor component={Link} href={`/payments/${paymentId}`} size="xs">
          {t('diagram.open')}
        </Anchor>
      )}
    </div>
  );
}

const NEAR_END_PX = 160;

/** Stays at the end as something comes, unless somebody looks further up. */
function useFollowEnd() {
  const list = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const onScroll = ({ currentTarget }: UIEvent<HTMLDivElement>) => {
    const { scrollHeight, scrollTop, clientHeight } = currentTarget;
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  };
  useEffect(() => {
    if (isAtEnd.current) list.current?.scrollTo({ top: list.current.scrollHeight });
  });
  return { ref: list, onScroll };
}
