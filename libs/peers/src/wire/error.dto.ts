/** Error body everywhere (contract 0.3). */
export class ErrorDto {
  /** Machine-readable id of section 6. @example "InvalidBodyError" */
  id: string;
  /** @example "Body did not match schema SetupRequest" */
  message: string;
  /** Id of the payment that was refused, if there is one; then also the answer's `L1p-Trace-Id`. */
  paymentId?: string;
  validationErrors?: { message: string; params?: Record<string, unknown> }[];
}
