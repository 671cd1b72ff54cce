import { IsInt, IsOptional, IsUrl, Matches, Max, Min, MinLength } from 'class-validator';
import {
  CorsOrigins,
  DatabaseUrl,
  HTTP_URL,
  LogLevel,
  Setting,
  tracingEnvironment,
  WithTracing,
  WithUnit,
} from '@level-one/platform';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/** Settings of the demo network; each has a default. */
export class NetworkSettings extends WithTracing(WithUnit(class {})) {
  @Setting({ env: 'PORT_BASE', meaning: 'first port; the network takes this one to this one + 208' })
  @IsInt()
  @Min(1024)
  @Max(65_000)
  portBase: number = 3000;

  @DatabaseUrl('an embedded PostgreSQL')
  databaseUrl: string;

  @Setting({ env: 'DATA_DIR', meaning: 'folder in which the embedded PostgreSQL keeps its data' })
  @MinLength(1)
  dataDir: string = 'data';

  @Setting({
    env: 'EXCEPT',
    meaning: 'instances that are left out, for systems of your own: dfsp2/spsp-backend, with commas between',
    defaultText: 'none',
  })
  @Matches(/^[a-z0-9/,-]*$/)
  except: string = '';

  @Setting({
    env: 'LISTEN_OFFSET',
    meaning: "each role listens so many ports above its URL's, for proxies in front of them (docs/faults.md)",
  })
  @IsInt()
  @Min(0)
  @Max(20_000)
  listenOffset: number = 0;

  @Setting({
    env: 'FAULTS_URL',
    meaning: 'where the faults of a demo network are switched (docs/faults.md)',
    defaultText: 'none: there are no faults to switch',
  })
  @IsOptional()
  @IsUrl(HTTP_URL)
  faultsUrl: string | undefined;

  @Setting({
    env: 'THREADS',
    meaning: '2: dfsp2 and the centre run in a second thread; 1: all roles share one, for example to debug them',
    defaultText: '2, on one processor 1',
  })
  @IsInt()
  @Min(1)
  @Max(2)
  threads: number = availableParallelism() > 1 ? 2 : 1;

  @CorsOrigins()
  corsOrigins: string | undefined;

  @LogLevel()
  logLevel: string = 'warn';

  /** The people and secrets of the demo are published. */
  override traceBodies: boolean = true;

  /** The console shows a network as it works. */
  override traceSendDelayMs: number = 200;

  get hasConsole(): boolean {
    return !this.except.split(',').includes('console');
  }
}

/** Settings of every instance that the network's own settings decide. */
export function instanceEnvironment(settings: NetworkSettings): Record<string, string> {
  const { hasConsole, portBase, corsOrigins } = settings;
  return {
    ...unitEnvironment(settings),
    ...(corsOrigins !== undefined && { CORS_ORIGINS: corsOrigins }),
    // The network's own console is its collector, unless another one is given.
    ...(hasConsole && { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${portBase}` }),
    ...tracingEnvironment(settings),
  };
}

/** Settings of the unit, for every ledger of the network and every role that uses its amounts. */
export function unitEnvironment({ currency, scale, precision }: NetworkSettings): Record<string, string> {
  return { CURRENCY: currency, SCALE: String(scale), PRECISION: String(precision) };
}

/** Folder of the embedded database, one for each unit, so that amounts of one unit are never read as another's. */
export function databaseFolder({ dataDir, portBase, currency, scale }: NetworkSettings): string {
  const isUsual = currency === 'USD' && scale === 2;
  return join(dataDir, `postgres-${portBase}${isUsual ? '' : `-${currency}-${scale}`}`);
}
