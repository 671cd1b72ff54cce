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
}

/** Who refused a step to whom, or did not answer, and what the step is for. */
export function useStepWords(): (step: FailedStep, count?: number) => string {
  const { t } = useTranslation();
  const wordsOf = useHopWords();
  return ({ status, ...step }, count = 1) => {
    const values = { ...step, what: wordsOf(step.hop)?.what ?? t('outcomes.call') };
    if (status !== null) return t('outcomes.failedStep', { ...values, status });
    return count > 1 ? t('outcomes.silentStep', { ...values, count }) : t('outcomes.silentStepOnce', values);
  };
}
