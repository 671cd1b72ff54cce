/** One span, as the console keeps and shows it. */
export interface Span {
  /** 32 hexadecimal digits; of a payment its id without dashes. */
  traceId: string;
  /** 16 hexadecimal digits. */
  spanId: string;
  parentId: string | null;
  paymentId: string | null;
  /** Id in the table of hops. */
  hop: string | null;
  kind: 'client' | 'server' | 'producer' | 'consumer' | 'internal';
  role: string;
  /** Short name; null at the centre. */
  dfsp: string | null;
  /** Instance of the role. */
  instance: string | null;
  /** Version of its software. */
  version: string | null;
  /** Who is called: `dfsp1/ledger-adapter`. */
  peer: string | null;
  name: string;
  method: string | null;
  path: string | null;
  status: number | null;
  /** Event of a websocket frame. */
  frame: string | null;
  /** Start, Unix time in ms, with a fraction. */
  startMs: number;
  durationMs: number;
  /** JSON text with the members that may be shown. */
  requestBody: string | null;
  responseBody: string | null;
  error: string | null;
}
