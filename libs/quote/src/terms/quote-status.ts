/** States of a quote (contract 4.3). */
export enum QuoteStatus {
  Reserved = 'reserved',
  /** A transfer with its paymentId was executed. */
  Used = 'used',
  Expired = 'expired',
}

const LEGAL_MOVES: Record<QuoteStatus, readonly QuoteStatus[]> = {
  [QuoteStatus.Reserved]: [QuoteStatus.Used, QuoteStatus.Expired],
  [QuoteStatus.Used]: [],
  [QuoteStatus.Expired]: [],
};

export function isLegalQuoteMove(from: QuoteStatus, to: QuoteStatus): boolean {
  return LEGAL_MOVES[from].includes(to);
}

/** Statuses from which a quote may move to `to`. */
export function quoteStatusesBefore(to: QuoteStatus): QuoteStatus[] {
  return Object.values(QuoteStatus).filter((from) => isLegalQuoteMove(from, to));
}
