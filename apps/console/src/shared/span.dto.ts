/** A hop, a frame or another span, as the console keeps and shows it. */
export class ShownSpanDto {
  /** 32 hexadecimal digits; of a payment its id without dashes. @example "c1a7e5d30f484b969e2a7d3b6f81c520" */
  traceId: string;
  /** @example "00f067aa0ba902b7" */
  spanId: string;
  /** Span that caused it. @example "00f067aa0ba902b6" */
  parentId: string | null;
  paymentId: string | null;
  /** Id in the table of hops. @example "P.D" */
  hop: string | null;
  kind: 'client' | 'server' | 'producer' | 'consumer' | 'internal';
  /** @example "spsp-client" */
  role: string;
  /** Null at the centre. @example "dfsp1" */
  dfsp: string | null;
  /** Instance of the role. */
  instance: string | null;
  /** Version of the role. @example "0.1.0" */
  version: string | null;
  /** Who is called, or who sent the frame. @example "dfsp1/ledger-adapter" */
  peer: string | null;
  name: string;
  /** @example "PUT" */
  method: string | null;
  path: string | null;
  /** @example 201 */
  status: number | null;
  /** Event of a websocket frame. @example "transfer.create" */
  frame: string | null;
  /** Start, Unix time in ms, with a fraction. */
  startMs: number;
  /** @example 12.5 */
  durationMs: number;
  /** JSON text with the members that may be shown. */
  requestBody: string | null;
  responseBody: string | null;
  error: string | null;
}
