/** States of a transfer on one ledger (contract 3.4). */
export enum TransferState {
  /** Known, but its debit is not authorized: nothing is held. */
  Proposed = 'proposed',
  /** The amount is held on the debit account until the condition is fulfilled. */
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

/** Whether a transfer may go from one state to another. */
export function isLegalMove(from: TransferState, to: TransferState): boolean {
  return LEGAL_MOVES[from].includes(to);
}

/** Whether nothing can happen to a transfer in this state any more. */
export function isFinal(state: TransferState): boolean {
  return LEGAL_MOVES[state].length === 0;
}
