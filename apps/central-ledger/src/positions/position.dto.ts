/** Sums of outgoing and incoming amounts. */
export class FlowDto {
  /** @example "10.40" */
  payments: string;

  /** @example "0.00" */
  receipts: string;

  /** Receipts less payments. @example "-10.40" */
  net: string;
}

/** What one account paid and received in a settlement window. */
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

/** What of an account counts towards its net debit cap. */
export class ExposureDto {
  /** Executed in all windows and not settled yet: below zero if the account owes. @example "-110.40" */
  unsettled: string;

  /** Held by prepared transfers. @example "0.00" */
  held: string;

  /** Null without a cap. @example "500.00" */
  net_debit_cap: string | null;

  /** How much of the cap is used, in percent, rounded down; null without a cap. @example 22 */
  used_percent: number | null;
}

/** Position of one account in the open window, and what it owes in all. */
export class AccountPositionDto extends ExposureDto implements PositionDto {
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
  positions: AccountPositionDto[];
}

/** An account that uses much of its net debit cap. */
export class CapAlertDto extends ExposureDto {
  /** URI. @example "http://127.0.0.1:3012/accounts/dfsp1" */
  account: string;
}

/** Accounts that use much of their net debit caps. */
export class CapAlertsDto {
  /** Share of a cap from which an account is listed, in percent; 0: none is. @example 80 */
  alert_percent: number;

  /** Sorted by name, at most 1000. */
  alerts: CapAlertDto[];
}
