import { IsBoolean, IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';
import { IsBaseUrl, IsHost, urlAt } from './base-url.js';
import { CorsOrigins } from './cors-origins.js';
import { Setting } from './settings.js';
import { CredentialPairs, LogLevel } from './shared-settings.js';
import { WithTracing } from './tracing-settings.js';

/** Settings of every role. */
export class RoleSettings extends WithTracing(class {}) {
  @Setting({ env: 'HOST', meaning: 'address the role listens on' })
  @IsHost()
  host: string = '127.0.0.1';

  @Setting({ env: 'PORT', meaning: 'TCP port the role listens on; 0 takes a free one' })
  @IsInt()
  @Min(0)
  @Max(65_535)
  port: number;

  @Setting({
    env: 'PUBLIC_URL',
    meaning: 'URL at which others reach this role, without the base path; every URI it hands out starts with it',
    defaultText: 'http://HOST:PORT',
    defaultFrom: ({ host, port }) => urlAt(host, port),
  })
  @IsOptional()
  @IsBaseUrl()
  publicUrl: string;

  @CorsOrigins()
  corsOrigins: string;

  @LogLevel()
  logLevel: string = 'info';

  @Setting({ env: 'OTEL_SERVICE_NAME', meaning: 'service.name of its traces', defaultText: 'the name of the role' })
  @IsOptional()
  @IsString()
  otelServiceName: string | undefined;

  @Setting({ env: 'CONNECTIONS_MAX', unit: 'connections', meaning: 'maximum of open connections' })
  @IsInt()
  @Min(1)
  @Max(100_000)
  connectionsMax: number = 2_048;

  @Setting({
    env: 'CONNECTIONS_PER_ADDRESS',
    unit: 'connections',
    meaning: 'maximum of connections from one address; behind a proxy all are from its address',
  })
  @IsInt()
  @Min(1)
  @Max(100_000)
  connectionsPerAddress: number = 1_024;

  @Setting({
    env: 'REQUESTS_PER_CONNECTION',
    unit: 'requests',
    meaning: 'maximum of unanswered requests of one connection; above it the connection is ended',
  })
  @IsInt()
  @Min(1)
  @Max(1_000)
  requestsPerConnection: number = 32;

  @Setting({ env: 'REQUEST_TIMEOUT_S', unit: 's', meaning: 'time in which a request must arrive, body included' })
  @IsInt()
  @Min(1)
  @Max(3_600)
  requestTimeoutS: number = 240;

  @Setting({
    env: 'STOP_DELAY_MS',
    unit: 'ms',
    meaning: 'time between "not ready" and the first refused request when the role stops, for proxies to see it',
  })
  @IsInt()
  @Min(0)
  @Max(300_000)
  stopDelayMs: number = 500;

  @Setting({
    env: 'STOP_WITHIN_S',
    unit: 's',
    meaning: 'time in which requests under way may end when the role stops',
  })
  @IsInt()
  @Min(0)
  @Max(300)
  stopWithinS: number = 12;

  @Setting({
    env: 'CLOCK_SKEW_MAX_MS',
    unit: 'ms',
    meaning: "difference to a called role's clock from which on health, log and refusals tell it",
  })
  @IsInt()
  @Min(100)
  @Max(3_600_000)
  clockSkewMaxMs: number = 2_000;

  @Setting({
    env: 'DEMO_NETWORK',
    meaning: 'true only in a demo network: accepts the published demo secrets, and listens on loopback alone',
  })
  @IsBoolean()
  demoNetwork: boolean = false;

  @Setting({
    env: 'LOGIN_FAILURES_PER_ACCOUNT',
    unit: 'failures',
    meaning: 'different wrong secrets of one name that one address may send in ten minutes; above it the answer is 429',
  })
  @IsInt()
  @Min(1)
  @Max(1_000)
  loginFailuresPerAccount: number = 10;

  @Setting({
    env: 'LOGIN_FAILURES_PER_ADDRESS',
    unit: 'failures',
    meaning: 'different wrong credentials that one address may send in a minute; above it the answer is 429',
  })
  @IsInt()
  @Min(1)
  @Max(10_000)
  loginFailuresPerAddress: number = 100;

  @CredentialPairs(
    'METRICS_CREDENTIALS',
    'who may read GET /metrics, and nothing else',
    'nobody; in a demo network everybody on loopback',
  )
  metricsCredentials: string | undefined;

  @Setting({
    env: 'TRUSTED_PROXIES',
    meaning: 'addresses and subnets of proxies whose X-Forwarded-For is trusted, separated by commas',
    defaultText: 'none',
  })
  @IsOptional()
  @IsString()
  trustedProxies: string;
}

/** Settings of every role of one DFSP. */
export class DfspRoleSettings extends RoleSettings {
  @Setting({ env: 'DFSP', meaning: 'short name of the DFSP this role belongs to' })
  @Matches(/^[a-z][a-z0-9-]{0,9}$/)
  dfsp: string;
}
