import { IsBoolean, IsInt, IsNumber, IsOptional, IsUrl, Matches, Max, Min } from 'class-validator';
import type { TracingOptions } from '../tracing/tracing-options.js';
import { describeSettings, Setting } from './settings.js';
import { HTTP_URL } from './shared-settings.js';

/** Mixin for settings of every role, and of the demo network that hosts them: where traces go, and which are kept. */
export function WithTracing<B extends new (...args: any[]) => object>(base: B) {
  class TracingSettings extends base {
    @Setting({
      env: 'OTEL_EXPORTER_OTLP_ENDPOINT',
      meaning: 'base URL of a collector that takes traces by OTLP/HTTP; they go to /v1/traces below it',
      hidden: true,
      defaultText: 'no traces',
    })
    @IsOptional()
    @IsUrl(HTTP_URL)
    otlpEndpoint: string | undefined;

    @Setting({
      env: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
      meaning: 'the whole URL for traces, instead of OTEL_EXPORTER_OTLP_ENDPOINT',
      hidden: true,
      defaultText: 'OTEL_EXPORTER_OTLP_ENDPOINT/v1/traces',
    })
    @IsOptional()
    @IsUrl(HTTP_URL)
    otlpTracesEndpoint: string | undefined;

    @Setting({
      env: 'OTEL_EXPORTER_OTLP_HEADERS',
      meaning: 'headers of requests to the collector: name=value, with commas between, values percent-encoded',
      hidden: true,
      defaultText: 'none',
    })
    @IsOptional()
    @Matches(/^\s*[\w-]+\s*=[^,]*(,\s*[\w-]+\s*=[^,]*)*$/, { message: 'must be name=value pairs with commas between' })
    otlpHeaders: string | undefined;

    @Setting({ env: 'OTEL_SDK_DISABLED', meaning: 'true: no traces, whatever else is set' })
    @IsBoolean()
    otelDisabled: boolean = false;

    @Setting({
      env: 'OTEL_TRACES_SAMPLER_ARG',
      meaning: 'share of traces that are kept, 0 to 1, the same ones at every role; failed and slow ones always are',
    })
    @IsNumber()
    @Min(0)
    @Max(1)
    traceRatio: number = 1;

    @Setting({
      env: 'OTEL_BSP_SCHEDULE_DELAY',
      unit: 'ms',
      meaning: 'how long ended spans wait for others before they are sent together',
    })
    @IsInt()
    @Min(1)
    @Max(60_000)
    traceSendDelayMs: number = 1_000;

    @Setting({
      env: 'OTEL_BSP_MAX_QUEUE_SIZE',
      unit: 'spans',
      meaning: 'maximum of spans that wait to be sent; above it they are dropped and counted',
    })
    @IsInt()
    @Min(1)
    @Max(100_000)
    traceQueueMax: number = 4_096;

    @Setting({
      env: 'TRACE_SLOW_MS',
      unit: 'ms',
      meaning: 'a request, an event or a sweep that takes so long is always kept; 0: none for that',
    })
    @IsInt()
    @Min(0)
    @Max(3_600_000)
    traceSlowMs: number = 2_000;

    @Setting({
      env: 'TRACE_BODIES',
      meaning: 'true: spans have the bodies of requests and answers, with listed members only (docs/traces.md)',
    })
    @IsBoolean()
    traceBodies: boolean = false;
  }
  return TracingSettings;
}

const ROWS = describeSettings(WithTracing(class {}));

/** The environment that gives another instance the same settings. */
export function tracingEnvironment(settings: TracingOptions): Record<string, string> {
  const given = ROWS.map(({ env, property }) => [env, settings[property as keyof TracingOptions]] as const);
  return Object.fromEntries(given.flatMap(([env, value]) => (value === undefined ? [] : [[env, String(value)]])));
}
