/** Why a payment was refused, as a DFSP API gives it. */
export interface Reason {
  id?: string;
  message?: string;
}

/** What one DFSP says of a payment, as far as its reason needs it. */
interface Side {
  dfsp: string;
  side: 'debit' | 'credit';
  record: { customer: { account: string }; counterpart?: { account?: string }; reason?: Reason };
}

/** Of which payment a reason is. */
export interface RefusedPayment {
  views: readonly Side[];
  /** Lane of the system that failed first, `dfsp2/dfsp-ledger`; absent where the steps are not known. */
  failedAt?: string;
  /** Id of the error by which it refused. */
  failedWith?: string;
}

export type PartyOf = 'payer' | 'payee';

/** A system of the network, and whose it is. */
export interface RefusingSystem {
  role: string;
  /** Absent at the centre. */
  dfsp?: string;
  party?: PartyOf;
}

const PARTIES = { debit: 'payer', credit: 'payee' } as const;
const CENTRE = 'centre';

/** Whose system failed first; undefined if it is not known. */
export function refusingSystem({ views, failedAt }: RefusedPayment): RefusingSystem | undefined {
  const [place = '', role] = failedAt?.split('/') ?? [];
  if (role === undefined) return undefined;
  if (place === CENTRE) return { role };
  const at = views.filter(({ dfsp }) => dfsp === place);
  // The payee's DFSP may have no record of the payment.
  if (at.length === 0 && isOnlyPayers(views)) return { role, dfsp: place, party: 'payee' };
  // Inside one DFSP its systems work for both.
  return { role, dfsp: place, ...(at.length === 1 && { party: PARTIES[at[0]!.side] }) };
}

/** Whether another system than those of the payer's DFSP refused first, by this error. */
export function isRefusedBeyondPayer(id: string, { views, failedAt, failedWith }: RefusedPayment): boolean {
  const payer = views.find(({ side }) => side === 'debit');
  return payer !== undefined && failedWith === id && failedAt?.split('/')[0] !== payer.dfsp;
}

const isOnlyPayers = (views: readonly Side[]): boolean => views.length === 1 && views[0]?.side === 'debit';

/** An account that a ledger refused because it is disabled, and whose it is as far as that is certain. */
export function disabledAccount(
  { message = '' }: Reason,
  { views, failedAt }: RefusedPayment,
): { account: string; dfsp?: string; party?: PartyOf } {
  const [, account = ''] = /`(.+)`/.exec(message) ?? [];
  const named = views.filter(({ record }) => record.customer.account === account);
  const owners = named.length > 1 ? named.filter(({ dfsp }) => failedAt?.split('/')[0] === dfsp) : named;
  const [owner] = owners;
  const [only] = views;
  const [place] = failedAt?.split('/') ?? [];
  // The payee's DFSP may have no record of the payment.
  const isPayees = isOnlyPayers(views) && only?.record.counterpart?.account?.split('/').at(-1) === account;
  if (place !== undefined && place !== only?.dfsp && isPayees) return { account, dfsp: place, party: 'payee' };
  return owner && owners.length === 1 ? { account, dfsp: owner.dfsp, party: PARTIES[owner.side] } : { account };
}

/**
 * Why a payment was not paid: the reason of the payer's DFSP, which is told where it was refused. The payee's DFSP only sees
 * that it is not completed in time, whatever the reason.
 */
export function reasonOfPayment(views: readonly Side[]): Reason | undefined {
  const payer = views.find(({ side, record }) => side === 'debit' && record.reason);
  return payer ? payer.record.reason : reasonForPayee(views.find(({ record }) => record.reason)?.record.reason);
}

/** The reason as a payee's DFSP has it, without the guess that nobody answered in time. */
export const reasonForPayee = (reason: Reason | undefined): Reason | undefined =>
  reason?.id === 'ExpiredTransferError' ? { ...reason, id: 'NotCompletedByPayer' } : reason;
