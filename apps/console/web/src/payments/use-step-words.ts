import { useTranslation } from 'react-i18next';
import { useHopWords } from '../diagram/use-hop-words';

/** A call between roles that failed. */
interface FailedStep {
  /** Lanes. */
  from: string;
  to: string;
  hop: string;
  /** Null if it was not answered. */
  status: number | null;
  /** Why it was not answered, as its span says. */
  error: string | null;
}

/** Words for a call that was not answered, by the error of its span. */
const UNANSWERED: Readonly<Record<string, 'brokenStep' | 'unreachedStep'>> = {
  'connection lost': 'brokenStep',
  'not reached': 'unreachedStep',
};

/** Who refused a step to whom, or did not answer, and what the step is for. */
export function useStepWords(): (step: FailedStep, count?: number) => string {
  const { t } = useTranslation();
  const wordsOf = useHopWords();
  return ({ status, error, ...step }, count = 1) => {
    const values = { ...step, what: wordsOf(step.hop)?.what ?? t('outcomes.call') };
    if (status !== null) return t('outcomes.failedStep', { ...values, status });
    const key = UNANSWERED[error ?? ''] ?? 'silentStep';
    return count > 1 ? t(`outcomes.${key}`, { ...values, count }) : t(`outcomes.${key}Once`, values);
  };
}
