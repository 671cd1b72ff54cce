import { useTranslation } from 'react-i18next';
import type { FaultRule } from '../api/faults';
import { useHopWords } from '../diagram/use-hop-words';

const ACTIONS = ['refuse', 'delay', 'hang', 'cutBefore', 'cutAfter', 'duplicate', 'late'] as const;

/** A fault in words: what it meets and where, and what happens to it. Undefined for what is no rule of a fault. */
export function useFaultWords(): (rule: unknown) => string | undefined {
  const { t } = useTranslation();
  const wordsOf = useHopWords();
  return (rule) => {
    const { kind, place, hop, event, times, action } = (rule ?? {}) as Partial<FaultRule>;
    const name = ACTIONS.find((one) => one === nameOf(action));
    if (!action || !name) return undefined;
    const what = t(kind === 'frame' ? 'faults.words.frames' : 'faults.words.requests');
    const parts = [
      event,
      place && t('faults.words.at', { place }),
      hop && t('faults.words.hop', { hop, what: wordsOf(hop)?.what ?? '' }),
    ];
    const meets = [what, ...parts].filter((part) => part).join(' ');
    const { status = 503, ms = 0 } = action;
    const does = t(`faults.words.${name}`, { status, ms });
    return times === undefined
      ? `${meets}: ${does}`
      : `${meets}: ${does} (${t('faults.words.times', { count: times })})`;
  };
}

function nameOf(action: FaultRule['action'] | undefined): string | undefined {
  if (action?.do !== 'cut') return action?.do;
  return action.when === 'after' ? 'cutAfter' : 'cutBefore';
}
