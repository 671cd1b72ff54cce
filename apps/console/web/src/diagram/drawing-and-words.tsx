import { SegmentedControl } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Arrow } from './arrows';
import styles from './drawing-and-words.module.css';
import { HopPanel } from './hop-panel';

/** Steps as a drawing, or as a list. */
export type View = 'drawing' | 'list';

/** Lists are easier to read where there is little room. */
export function useView(): [View, (view: View) => void] {
  const isNarrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const [chosen, setChosen] = useState<View | null>(null);
  return [chosen ?? (isNarrow ? 'list' : 'drawing'), setChosen];
}

export function ViewSwitch({ view, onChange }: { view: View; onChange: (view: View) => void }) {
  const { t } = useTranslation();
  return (
    <SegmentedControl
      aria-label={t('diagram.view')}
      value={view}
      onChange={onChange}
      data={[
        { value: 'drawing', label: t('diagram.asDrawing') },
        { value: 'list', label: t('diagram.asList') },
      ]}
    />
  );
}

interface DrawingAndWordsProps {
  children: (onSelect: ((arrow: Arrow | null) => void) | undefined) => ReactNode;
}

/** A drawing with the words of the chosen step beside it; where there is no room they are below the step. */
export function DrawingAndWords({ children }: DrawingAndWordsProps) {
  const { t } = useTranslation();
  const hasRoom = useMediaQuery('(min-width: 100em)', true, { getInitialValueInEffect: false });
  const [arrow, setArrow] = useState<Arrow | null>(null);
  return (
    <div className={styles.both}>
      <div className={`panel ${styles.drawing}`}>{children(hasRoom ? setArrow : undefined)}</div>
      {hasRoom && (
        <aside className={`panel ${styles.words}`} aria-label={t('diagram.why')}>
          <HopPanel arrow={arrow} />
        </aside>
      )}
    </div>
  );
}
