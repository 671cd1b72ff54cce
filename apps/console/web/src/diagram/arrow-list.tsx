import { useTranslation } from 'react-i18next';
import { classNames } from '../ui/class-names';
import { type Arrow, wayOf } from './arrows';
import styles from './arrow-list.module.css';
import { HopDetail } from './hop-detail';
import { useHopWords } from './use-hop-words';
import { formatMs, isFailed } from './words';

interface ArrowListProps {
  arrows: readonly Arrow[];
  selected: string | null;
  onSelect: (id: string | null) => void;
  /** Whether the words of the chosen step are shown below it. */
  hasDetail: boolean;
}

/** The steps in words, in their order: the same as the drawing, for those who would rather read. */
export function ArrowList({ arrows, selected, onSelect, hasDetail }: ArrowListProps) {
  const { t } = useTranslation();
  const wordsOf = useHopWords();
  return (
    <ol className={styles.list}>
      {arrows.map((arrow) => {
        const isSelected = arrow.id === selected;
        return (
          <li key={arrow.id}>
            <button
              type="button"
              className={styles.step}
              aria-expanded={isSelected}
              data-hop={arrow.hop ?? undefined}
              onClick={() => onSelect(isSelected ? null : arrow.id)}
            >
              <span className={styles.hop}>{arrow.hop ?? (arrow.isFrame ? 'WS' : '–')}</span>
              <span className={styles.what}>
                <span>{wordsOf(arrow.hop)?.what ?? arrow.path}</span>
                <span className={styles.way}>{wayOf(arrow)}</span>
              </span>
              <span className={classNames(styles.end, isFailed(arrow) && styles.bad)}>
                {arrow.isFrame ? t('diagram.frame') : (arrow.status ?? t('diagram.noAnswer'))}
                <span className={styles.way}>{formatMs(arrow.durationMs)}</span>
              </span>
            </button>
            {isSelected && hasDetail && <HopDetail arrow={arrow} />}
          </li>
        );
      })}
    </ol>
  );
}
