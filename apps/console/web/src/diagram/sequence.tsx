import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { classNames } from '../ui/class-names';
import { type Arrow, OUTSIDE, wayOf } from './arrows';
import styles from './sequence.module.css';
import { formatMs, isFailed, shortPath } from './words';

interface SequenceProps {
  arrows: readonly Arrow[];
  lanes: readonly string[];
  selected: string | null;
  onSelect: (id: string | null) => void;
  /** Shows method and path of each arrow beside the drawing. */
  isWide?: boolean;
  /** Shown below the selected arrow. */
  detail?: ReactNode;
}

/** A sequence diagram: a lane per role, a row per arrow. Each row is a button that shows what the step is about. */
export function Sequence({ arrows, lanes, selected, onSelect, isWide = false, detail }: SequenceProps) {
  return (
    <div className={styles.scroller} tabIndex={-1}>
      <div
        className={classNames(styles.drawing, isWide && styles.wide)}
        style={{ '--lanes': lanes.length, '--lane-min': isCrowded(lanes, isWide) || !isWide ? '2rem' : '3.4rem' }}
      >
        <LaneHeads lanes={lanes} isWide={isWide} />
        <div className={styles.body}>
          <div className={styles.lines} aria-hidden>
            {lanes.map((lane) => (
              <span key={lane} />
            ))}
          </div>
          {arrows.map((arrow) => (
            <Fragment key={arrow.id}>
              <Row
                arrow={arrow}
                lanes={lanes}
                isWide={isWide}
                isSelected={arrow.id === selected}
                onSelect={() => onSelect(arrow.id === selected ? null : arrow.id)}
              />
              {arrow.id === selected && detail && <div className={styles.detail}>{detail}</div>}
            </Fragment>
          ))}
        </div>
      </div>
    </div>
  );
}

/** More lanes than this have no room for names that lie. */
const LYING_NAMES_MAX = 9;
const LYING_NAMES_MAX_IF_WIDE = 12;

const isCrowded = (lanes: readonly string[], isWide: boolean): boolean =>
  lanes.length > (isWide ? LYING_NAMES_MAX_IF_WIDE : LYING_NAMES_MAX);

function LaneHeads({ lanes, isWide }: { lanes: readonly string[]; isWide: boolean }) {
  const { t } = useTranslation();
  const isUpright = isCrowded(lanes, isWide);
  const name = (lane: string) => (lane === OUTSIDE ? t('diagram.outside') : lane.split('/')[1]!);
  const homes: { home: string; count: number }[] = [];
  for (const lane of lanes) {
    const home = lane === OUTSIDE ? '' : lane.split('/')[0]!;
    const last = homes.at(-1);
    if (last?.home === home) last.count += 1;
    else homes.push({ home, count: 1 });
  }
  return (
    <div className={classNames(styles.head, isUpright && styles.isUpright)} aria-hidden>
      <span />
      <div>
        <div className={styles.homes}>
          {homes.map(({ home, count }, place) => (
            // A home may stand at two places.
            // eslint-disable-next-line react/no-array-index-key
            <span key={place} className={styles.home} style={{ flex: `${count} 1 0` }}>
              {home === 'centre' ? t('diagram.centre') : home}
            </span>
          ))}
        </div>
        <div className={styles.names}>
          {lanes.map((lane) => (
            <span key={lane} className={styles.name}>
              <span>{isUpright ? name(lane) : name(lane).replaceAll('-', '-\u200B')}</span>
            </span>
          ))}
        </div>
      </div>
    </div>
  );
}

interface RowProps {
  arrow: Arrow;
  lanes: readonly string[];
  isWide: boolean;
  isSelected: boolean;
  onSelect: () => void;
}

function Row({ arrow, lanes, isWide, isSelected, onSelect }: RowProps) {
  const { t } = useTranslation();
  const status = arrow.isFrame ? '' : (arrow.status ?? '–');
  const isBad = isFailed(arrow);
  const isSupport = arrow.hop?.startsWith('support-') ?? arrow.isFrame;
  const name = labelOf(arrow) ?? t('diagram.support');
  const time = arrow.isFrame ? t('diagram.frame') : formatMs(arrow.durationMs);
  // Begins with what is to be seen, so that it can also be chosen by voice.
  const seen = isWide ? [name, arrow.method, arrow.path, status, time] : [name, status, time, captionOf(arrow)];
  const spoken = `${seen.filter((part) => part !== '').join(' ')}, ${wayOf(arrow)}`;
  return (
    <button
      type="button"
      className={classNames(styles.row, styles.isNew, arrow.isFrame && styles.frame, isBad && styles.failed)}
      aria-expanded={isSelected}
      aria-label={spoken}
      data-hop={arrow.hop ?? undefined}
      onClick={onSelect}
    >
      {/* The spaces are not drawn; they part the words of what is to be seen. */}
      <span className={styles.label} aria-hidden>
        <span className={classNames(styles.hop, isSupport && styles.isSupport)}>{name}</span>{' '}
        {isWide && (
          <>
            <span>{arrow.method}</span> <span className="mono">{arrow.path}</span>{' '}
          </>
        )}
        <span className={classNames(styles.number, isBad && styles.bad)}>{status}</span>{' '}
        <span className={styles.number}>{time}</span>
      </span>{' '}
      <ArrowLine arrow={arrow} lanes={lanes} isWide={isWide} />
    </button>
  );
}

const captionOf = ({ method, path }: Arrow): string => (method === 'WS' ? path : `${method} ${shortPath(path)}`);

/** Undefined for a call that is no hop of the flows. */
function labelOf({ hop, isFrame }: Arrow): string | undefined {
  if (hop === null) return isFrame ? 'WS' : '–';
  return hop.startsWith('support-') ? undefined : hop;
}

function ArrowLine({ arrow, lanes, isWide }: { arrow: Arrow; lanes: readonly string[]; isWide: boolean }) {
  const x = (lane: string) => ((lanes.indexOf(lane) + 0.5) / lanes.length) * 100;
  const begin = x(arrow.from);
  const from = arrow.via === null ? begin : x(arrow.via);
  const to = x(arrow.to);
  const middle = (from + to) / 2;
  const spare = Math.min(middle, 100 - middle);
  const isRight = to >= from;
  return (
    <span className={styles.stage} aria-hidden>
      {!isWide && (
        <span className={styles.caption} style={{ left: `${middle - spare}%`, width: `${spare * 2}%` }}>
          <span>{captionOf(arrow)}</span>
        </span>
      )}
      <svg>
        {arrow.via !== null && (
          <>
            <line className={styles.stroke} x1={`${begin}%`} x2={`${from}%`} y1="45%" y2="45%" />
            <line className={styles.stroke} x1={`${from}%`} x2={`${from}%`} y1="45%" y2="70%" />
            <svg x={`${begin}%`} y="45%" overflow="visible">
              <circle className={styles.tip} r="2.5" />
            </svg>
          </>
        )}
        <line className={styles.stroke} x1={`${from}%`} x2={`${to}%`} y1="70%" y2="70%" />
        <svg x={`${to}%`} y="70%" overflow="visible">
          <path className={styles.tip} d={isRight ? 'M0 0 L-7 -4 L-7 4 Z' : 'M0 0 L7 -4 L7 4 Z'} />
        </svg>
        <svg x={`${from}%`} y="70%" overflow="visible">
          <circle className={styles.tip} r="2.5" />
        </svg>
      </svg>
    </span>
  );
}
