/** The ILP error codes in use (contract 6.2): F… final, T… temporary, R… relative. */
export const ILP_ERRORS = {
  F00: 'Bad Request',
  F01: 'Invalid Packet',
  F02: 'Unreachable',
  F03: 'Invalid Amount',
  F05: 'Wrong Condition',
  F06: 'Unexpected Payment',
  F99: 'Application Error',
  T00: 'Internal Error',
  T01: 'Ledger Unreachable',
  T04: 'Insufficient Liquidity',
  R00: 'Transfer Timed Out',
  R01: 'Insufficient Source Amount',
  R02: 'Insufficient Timeout',
} as const;

/** One of the codes in {@link ILP_ERRORS}. */
export type IlpErrorCode = keyof typeof ILP_ERRORS;

/** The JSON body of a rejection (contract 3.5). A peer may send a code that is not in {@link ILP_ERRORS}. */
export interface RejectionMessage {
  code: string;
  name: string;
  message: string;
  /** ILP address, or base URL, of the party that detected the error. */
  triggered_by: string;
  /** ISO-8601 UTC with milliseconds. */
  triggered_at?: string;
  /** ILP addresses of the connectors that forwarded the rejection. */
  forwarded_by?: string[];
  /** The HTTP error that caused it: `{id, message}` and its other members. */
  additional_info?: Record<string, unknown>;
}

/** Input of {@link rejectionMessage}. */
export interface Rejection {
  code: IlpErrorCode;
  message: string;
  triggeredBy: string;
  triggeredAt: Date;
  additionalInfo?: Record<string, unknown>;
}

/** Builds the JSON body of a rejection; the name follows from the code. */
export function rejectionMessage(rejection: Rejection): RejectionMessage {
  const { code, message, triggeredBy, triggeredAt, additionalInfo } = rejection;
  return {
    code,
    name: ILP_ERRORS[code],
    message,
    triggered_by: triggeredBy,
    triggered_at: triggeredAt.toISOString(),
    ...(additionalInfo && { additional_info: additionalInfo }),
  };
}
