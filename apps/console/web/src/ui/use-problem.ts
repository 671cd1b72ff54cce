import { useTranslation } from 'react-i18next';
import { RequestError } from '../api/request';
import { errors } from '../texts/en-errors';
import { reasonNameOf } from './use-reason-words';

export interface Problem {
  /** What happened. */
  what: string;
  todo: string;
  /** Id and message of the answer, for those who ask. */
  detail: string;
}

type ErrorId = keyof typeof errors;
const isKnown = (id: string): id is ErrorId => id in errors;

/** Puts an error in plain words. */
export function useProblem(): (error: unknown) => Problem {
  const { t } = useTranslation();
  return (error) => {
    const { id, message, status } =
      error instanceof RequestError ? error : { id: 'unknown', message: String(error), status: 0 };
    const name = reasonNameOf({ id, message });
    const known: ErrorId = isKnown(name) ? name : 'unknown';
    return {
      what: t(`errors.${known}.what`),
      todo: t(`errors.${known}.todo`),
      detail: [status === 0 ? undefined : status, id, message].filter((part) => part !== undefined).join(' · '),
    };
  };
}
