/** States of a transfer on one ledger (contract 3.4). */
export enum TransferState {
  /** Stored, but its debit is not authorized and nothing is held. */
  Proposed = 'proposed',
  /** The amount is held on the debited account until the condition is fulfilled. */
  Prepared = 'prepared',
  Executed = 'executed',
  Rejected = 'rejected',
}

const LEGAL_MOVES: Record<TransferState, readonly TransferState[]> = {
  [TransferState.Proposed]: [TransferState.Prepared, TransferState.Executed, TransferState.Rejected],
  [TransferState.Prepared]: [TransferState.Executed, TransferState.Rejected],
  [TransferState.Executed]: [],
  [TransferState.Rejected]: [],
};

/** Whether a transfer may move from one state to another. */
export function isLegalMove(from: TransferState, to: TransferState): boolean {
  return LEGAL_MOVES[from].includes(to);
}

/** Whether the state cannot be left. */
export function isFinal(state: TransferState): boolean {
  return LEGAL_MOVES[state].length === 0;
}
