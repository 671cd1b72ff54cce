/** Something that differs, or that has not ended yet. */
export interface Finding {
  kind: string;
  isOpen: boolean;
  /** Short name of the DFSP; undefined at the centre. */
  dfsp: string | undefined;
  paymentId?: string | undefined;
  subject?: string | undefined;
  found: string;
  ageS?: number | undefined;
  cause: string;
  action: string;
}

/** Of a ledger that does not know a payment which the other ledger has executed. */
export const UNKNOWN_ADVICE = {
  cause: 'The ledger does not know the payment: it was restored from a backup of before, or was changed by hand.',
  action: 'Book the payment there again: docs/backup.md#after-a-restore.',
} as const;

/** What can be found between the ledgers. T1 is on the payer's ledger, T2 at the centre, T3 on the payee's. */
export enum BooksFindingKind {
  TransferUnderWay = 'TransferUnderWay',
  PayersConnectorLoses = 'PayersConnectorLoses',
  PayeesConnectorLoses = 'PayeesConnectorLoses',
  PaidByPayerOnly = 'PaidByPayerOnly',
  NotPaidToPayee = 'NotPaidToPayee',
  AmountsDiffer = 'ConnectorAmountsDiffer',
  ClaimWaits = 'ClaimWaits',
  ClaimRefused = 'ClaimRefused',
}

const CLAIM =
  'The connector claims it while the ledger takes claims (docs/ledger.md); its log says why there is none. Otherwise let the DFSPs settle the amount between them.';
const RESTORED = 'or a ledger was restored from a backup';

export const BOOKS_ADVICE: Readonly<Record<BooksFindingKind, { cause: string; action: string }>> = {
  [BooksFindingKind.TransferUnderWay]: {
    cause: 'The next transfer is executed, and the connector has not claimed this one yet.',
    action: 'Nothing: the connector claims it. If it grows old, look for errors in the log of the connector.',
  },
  [BooksFindingKind.PayersConnectorLoses]: {
    cause: `T2 is executed and T1 is not: the payer's connector paid and was not paid. It was away until the grace of T1 was over, ${RESTORED}.`,
    action: CLAIM,
  },
  [BooksFindingKind.PayeesConnectorLoses]: {
    cause: `T3 is executed and T2 is not: the payee's connector paid and was not paid. It was away until the grace of T2 was over, ${RESTORED}.`,
    action: CLAIM,
  },
  [BooksFindingKind.PaidByPayerOnly]: {
    cause: `T1 is executed and T2 is not: the payer paid and the connector passed nothing on. A ledger was changed by hand, ${RESTORED}.`,
    action: 'Pay the amount back to the payer, or pay it on, once it is clear which record is right.',
  },
  [BooksFindingKind.NotPaidToPayee]: {
    cause: `T2 is executed and T3 is not: the payee's connector was paid and passed nothing on. A ledger was changed by hand, ${RESTORED}.`,
    action: "Pay the amount to the payee from the connector's account, once it is clear which record is right.",
  },
  [BooksFindingKind.ClaimWaits]: {
    cause: 'The connector paid, was not paid in time, and has claimed the amount.',
    action: 'Two administrators of the ledger decide: PUT /transfers/{id}/claims/approval, or …/refusal.',
  },
  [BooksFindingKind.ClaimRefused]: {
    cause: 'The connector paid and was not paid, and its claim is refused.',
    action: 'Let the DFSPs settle the amount between them.',
  },
  [BooksFindingKind.AmountsDiffer]: {
    cause: 'Both transfers are executed, but the connector paid more than it got, or twice in one direction.',
    action: 'Compare both transfers with the quote of the payment.',
  },
};
