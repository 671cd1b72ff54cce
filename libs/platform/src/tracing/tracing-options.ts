/** Where traces go, and which are kept. */
export interface TracingOptions {
  otlpEndpoint: string | undefined;
  otlpTracesEndpoint: string | undefined;
  otlpHeaders: string | undefined;
  otelDisabled: boolean;
  traceRatio: number;
  traceSendDelayMs: number;
  traceQueueMax: number;
  traceSlowMs: number;
  traceBodies: boolean;
  /** Default: the name of the role. */
  otelServiceName?: string | undefined;
}
