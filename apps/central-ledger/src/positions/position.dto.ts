/** Sums of outgoing and incoming amounts. */
export class FlowDto {
  /** @example "10.40" */
  payments: string;

  /** @example "0.00" */
  receipts: string;

  /** Receipts less payments. @example "-10.40" */
  net: string;
}

/** Position of one account: the amounts that it has to settle. */
export class PositionDto {
  /** URI. @example "http://127.0.0.1:3012/accounts/dfsp1" */
  account: string;

  /** Charges of the scheme. */
  fees: FlowDto;

  /** Executed transfers. */
  transfers: FlowDto;

  /** @example "-10.40" */
  net: string;
}

/** Positions of all accounts. */
export class PositionsDto {
  positions: PositionDto[];
}
