import { useTranslation } from 'react-i18next';
import { outcomes } from '../texts/en-outcomes';

/** Why a payment was refused, as a DFSP API gives it. */
export interface Reason {
  id?: string;
  message?: string;
}

type ReasonId = keyof typeof outcomes.reason;
const isKnown = (id: string): id is ReasonId => id in outcomes.reason;

/** What one id says of two things; only the message tells which. */
const BY_MESSAGE = [
  // At the centre: not the customer has too little, but the DFSP may owe no more.
  { id: 'InsufficientFundsError', message: /net debit cap/i, name: 'NetDebitCap' },
  { id: 'ServiceUnavailableError', message: /is suspended$/, name: 'DfspSuspended' },
  { id: 'UnauthorizedError', message: /is suspended$/, name: 'DfspSuspended' },
];

/** The name of a reason in the texts: its id, but for what one id says of two things. */
export const reasonNameOf = ({ id = '', message = '' }: Reason): string =>
  BY_MESSAGE.find((one) => one.id === id && one.message.test(message))?.name ?? id;

/** Whether there are words for it. */
export const isKnownReason = (reason: Reason): boolean => isKnown(reasonNameOf(reason));

/** Puts the reason of a payment that was not paid in an operator's words. */
export function useReasonWords(): (reason: Reason) => { what: string; todo: string } {
  const { t } = useTranslation();
  return (reason) => {
    const name = reasonNameOf(reason);
    const known: ReasonId = isKnown(name) ? name : 'unknown';
    return { what: t(`outcomes.reason.${known}.what`), todo: t(`outcomes.reason.${known}.todo`) };
  };
}
