import { useTranslation } from 'react-i18next';
import { outcomes } from '../texts/en-outcomes';

/** Why a payment was refused, as a DFSP API gives it. */
export interface Reason {
  id?: string;
  message?: string;
}

type ReasonId = keyof typeof outcomes.reason;
const isKnown = (id: string): id is ReasonId => id in outcomes.reason;

/** At the centre the same id as that of a poor customer says that the DFSP may owe no more. Only the message tells. */
const CAP = /net debit cap/i;

/** The name of a reason in the texts: its id, but for what one id says of two things. */
export const reasonNameOf = ({ id = '', message = '' }: Reason): string =>
  id === 'InsufficientFundsError' && CAP.test(message) ? 'NetDebitCap' : id;

/** Puts the reason of a payment that was not paid in an operator's words. */
export function useReasonWords(): (reason: Reason) => { what: string; todo: string } {
  const { t } = useTranslation();
  return (reason) => {
    const name = reasonNameOf(reason);
    const known: ReasonId = isKnown(name) ? name : 'unknown';
    return { what: t(`outcomes.reason.${known}.what`), todo: t(`outcomes.reason.${known}.todo`) };
  };
}
