import { Anchor, Group, Stack, Text, Title } from '@mantine/core';
import { type UIEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { type Span, useLive } from '../api/live-feed';
import { EmptyNote } from '../ui/empty-note';
import { type Arrow, arrowsOf, isBetweenRoles, lanesOf, storyOf } from './arrows';
import { HopDetail } from './hop-detail';
import styles from './live-stories.module.css';
import { Sequence } from './sequence';
import { formatMs } from './words';

interface StoriesProps {
  /** DFSP that is drawn on the left. */
  left: string;
  isWide?: boolean;
  height: string;
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
    .slice(-STORIES_SHOWN);
}

/** What happens in the network as it happens: a sequence diagram per trace, the newest at the end. */
export function LiveStories({ left, isWide, height, onSelect }: StoriesProps) {
  const { t } = useTranslation();
  const { traces } = useLive();
  const [selected, setSelected] = useState<string | null>(null);
  const stories = useMemo(() => storiesOf(traces), [traces]);
  const count = stories.reduce((sum, { arrows }) => sum + arrows.length, 0);
  const followEnd = useFollowEnd();
  const choose = (id: string | null) => {
    setSelected(id);
    onSelect?.(stories.flatMap(({ arrows }) => arrows).find((arrow) => arrow.id === id) ?? null);
  };

  if (count === 0) return <EmptyNote title={t('diagram.empty')} text={t('diagram.emptyDo')} />;
  return (
    <div
      className={styles.list}
      {...followEnd}
      style={{ height }}
      tabIndex={0}
      role="region"
      aria-label={t('diagram.title')}
    >
      {stories.map((story) => {
        const chosen = story.arrows.find(({ id }) => id === selected);
        return (
          <section key={story.id} className={styles.story} data-story={storyOf(story.arrows)}>
            <StoryTitle arrows={story.arrows} />
            <Sequence
              arrows={story.arrows}
              lanes={lanesOf(story.arrows, left)}
              selected={selected}
              onSelect={choose}
              isWide={isWide}
              detail={!onSelect && chosen && <HopDetail arrow={chosen} />}
            />
          </section>
        );
      })}
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

/** What solid, dashed and red arrows mean. */
export function Legend() {
  const { t } = useTranslation();
  return (
    <Group gap="md" aria-hidden>
      <LegendLine color="var(--accent)" text={t('diagram.legendRequest')} />
      <LegendLine color="var(--frame)" text={t('diagram.legendFrame')} isDashed />
      <LegendLine color="var(--bad)" text={t('diagram.legendError')} />
    </Group>
  );
}

function LegendLine({ color, text, isDashed = false }: { color: string; text: string; isDashed?: boolean }) {
  return (
    <Group gap={6}>
      <svg width="22" height="8">
        <line
          x1="0"
          x2="22"
          y1="4"
          y2="4"
          stroke={color}
          strokeWidth="1.75"
          strokeDasharray={isDashed ? '4 3' : undefined}
        />
      </svg>
      <Text size="xs" c="dimmed">
        {text}
      </Text>
    </Group>
  );
}

/** A place for the words of a step beside the drawing. */
export function HopPanel({ arrow }: { arrow: Arrow | null }) {
  const { t } = useTranslation();
  if (arrow) return <HopDetail arrow={arrow} />;
  return (
    <Stack p="md">
      <Text size="sm" c="dimmed">
        {t('diagram.selectHint')}
      </Text>
    </Stack>
  );
}
