/** What of a request was not kept. */
export class PartialSuccessDto {
  /** @example "0" */
  rejectedSpans: string;
  /** @example "" */
  errorMessage: string;
}

/** Answer to spans, as OTLP has it. */
export class SpansKeptDto {
  partialSuccess: PartialSuccessDto;
}
