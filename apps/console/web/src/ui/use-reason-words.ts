import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { outcomes } from '../texts/en-outcomes';
import {
  disabledAccount,
  isRefusedBeyondPayer,
  type Reason,
  type RefusedPayment,
  refusingSystem,
} from './refusals-in-words';

type ReasonId = keyof typeof outcomes.reason;
const isKnown = (id: string): id is ReasonId => id in outcomes.reason;

const NOWHERE: RefusedPayment = { views: [] };

/** What one id says of two things; only the message tells which. */
const BY_MESSAGE = [
  { id: 'UnprocessableEntityError', message: /^Account `.+` is disabled$/, name: 'AccountDisabled' },
  // At the centre: not the customer has too little, but the DFSP may owe no more.
  { id: 'InsufficientFundsError', message: /net debit cap/i, name: 'NetDebitCap' },
  { id: 'InsufficientFundsError', message: /^Sender has insufficient funds\. Account `.+`$/, name: 'NextLedgerPoor' },
  { id: 'ServiceUnavailableError', message: /is suspended$/, name: 'DfspSuspended' },
  { id: 'UnauthorizedError', message: /is suspended$/, name: 'DfspSuspended' },
];

/** The name of a reason in the texts: its id, but for what one id says of two things. */
export function reasonNameOf({ id = '', message = '' }: Reason, payment: RefusedPayment = NOWHERE): string {
  const name = BY_MESSAGE.find((one) => one.id === id && one.message.test(message))?.name ?? id;
  // Elsewhere than at the payer's DFSP no customer pays.
  return name === 'InsufficientFundsError' && isRefusedBeyondPayer(name, payment) ? 'NextLedgerPoor' : name;
}

/** Whether there are words for it. */
export const isKnownReason = (reason: Reason): boolean => isKnown(reasonNameOf(reason));

/** What the proxies of the fault kit answer in place of a system, whatever the id of the error. */
const OF_FAULT = /^Refused by a fault that was asked for$/;

export const isOfFault = ({ message = '' }: Reason): boolean => OF_FAULT.test(message);

/** What happened, and what to do; with the names and words of the payment as far as they are known. */
export function wordsOfReason(t: TFunction, reason: Reason, payment = NOWHERE): { what: string; todo: string } {
  const { key, values } = keyOf(t, reason, payment);
  return { what: t(`outcomes.reason.${key}.what`, values), todo: t(`outcomes.reason.${key}.todo`, values) };
}

/** Ids that say too little: the words of the system that refused say more, where they are known. */
const IN_OWN_WORDS = new Set(['UnprocessableEntityError', 'NotFoundError']);

function keyOf(
  t: TFunction,
  reason: Reason,
  payment: RefusedPayment,
): { key: ReasonId; values: Record<string, string | undefined> } {
  const { message } = reason;
  const system = systemOf(t, payment);
  if (isOfFault(reason)) return { key: system ? 'FaultAt' : 'Fault', values: { system } };
  const name = reasonNameOf(reason, payment);
  if (name === 'NextLedgerPoor') {
    const [, account = t('outcomes.unnamedAccount')] = /`(.+)`/.exec(message ?? '') ?? [];
    return { key: name, values: { account } };
  }
  if (name === 'AccountDisabled') {
    const { account, dfsp, party } = disabledAccount(reason, payment);
    const owner = party && t(`outcomes.party.${party}`);
    return { key: owner ? 'AccountDisabled' : 'SomeAccountDisabled', values: { account, dfsp, owner } };
  }
  const isInOwnWords = IN_OWN_WORDS.has(name) || !isKnown(name);
  if (isInOwnWords && message) return { key: system ? 'RefusedAt' : 'Refused', values: { system, words: message } };
  const payer = payment.views.find(({ side }) => side === 'debit')?.dfsp;
  const dfsp = payer ?? t('outcomes.payersDfsp');
  return { key: isKnown(name) ? name : 'unknown', values: { dfsp } };
}

/** `the ledger of the payee's DFSP (dfsp2)`. */
function systemOf(t: TFunction, payment: RefusedPayment): string | undefined {
  const at = refusingSystem(payment);
  if (!at) return undefined;
  const { role, dfsp, party } = at;
  const name = role in outcomes.system ? t(`outcomes.system.${role as keyof typeof outcomes.system}`) : role;
  if (dfsp === undefined) return t('outcomes.systemAtCentre', { name });
  const owner = party ? t('outcomes.dfspOf', { party: t(`outcomes.party.${party}`), dfsp }) : dfsp;
  return t('outcomes.systemOf', { name, owner });
}

/** Puts the reason of a payment that was not paid in an operator's words. */
export function useReasonWords(): (reason: Reason, payment?: RefusedPayment) => { what: string; todo: string } {
  const { t } = useTranslation();
  return (reason, payment) => wordsOfReason(t, reason, payment);
}
