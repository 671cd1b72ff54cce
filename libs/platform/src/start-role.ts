import 'reflect-metadata';
import type { OpenState, TimelineSource } from '@level-one/work';
import { type DynamicModule, type INestApplication, Module, type WebSocketAdapter } from '@nestjs/common';
import { InitializeOnPreviewAllowlist, ModulesContainer, NestFactory, RouterModule } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequestAuthenticator, requireCallers } from './auth/authentication.js';
import { credentialPairs } from './auth/basic-auth.js';
import { BODY_LIMIT_BYTES, installBodyParsers, installUriGate } from './http/body-parsers.js';
import { installAdmission } from './roles/admission.js';
import { CallableRoutes } from './roles/callers.js';
import { allowOrigins } from './http/cross-origin.js';
import { answerBadRequest, boundServer } from './http/bounded-server.js';
import { ContractErrorFilter, sendError, toContractError } from './errors/errors.js';
import { GracefulStop } from './http/graceful-stop.js';
import { Health, healthController } from './http/health.js';
import { PublicPath } from './http/public-path.js';
import { WebOrigins } from './http/web-origins.js';
import { PeerClocks } from './clocks/peer-clocks.js';
import { HopRecorder } from './roles/hop-recorder.js';
import { RoleIdentity, type ServiceName } from './roles/identity.js';
import { RoleLogger } from './logging/logger.js';
import { AdmissionLimiter } from './limits/admission-limiter.js';
import { LoginGuard } from './auth/login-guard.js';
import { type ApiDescription, type MoveExamples, openApiDocument } from './openapi/openapi.js';
import { ERRORS_PATH } from './openapi/errors-page.js';
import { serveDocs } from './openapi/swagger-ui.js';
import { Monitors } from './auth/monitors.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { ProcessMetrics } from './metrics/process-metrics.js';
import { RoleMetrics } from './metrics/role-metrics.js';
import { measureRole } from './metrics/role-sources.js';
import { WorkMetrics } from './metrics/work-metrics.js';
import { OpenStatesModule } from './open-states/open-states.module.js';
import { Refusals } from './auth/refusals.js';
import { TimelineModule } from './timeline/timeline.module.js';
import { accessFor } from './database/connect-data-source.js';
import { whenUsable } from './database/database-wait.js';
import type { DatabaseSettings } from './settings/mixins.js';
import type { RoleSettings } from './settings/role-settings.js';
import { StartupError, validateSettings } from './settings/settings.js';
import { installTraces } from './http/request-traces.js';
import type { SpanSenders } from './tracing/span-sender.js';
import { Tracing } from './tracing/tracing.js';
import { ContractValidationPipe, unitOf } from './input/validation.js';

/** Time in which the headers of a request must arrive. */
const HEADERS_TIMEOUT_MS = 15_000;
/** An idle connection is ended after this time, which is longer than the longest wait for a payment. */
const IDLE_TIMEOUT_MS = 150_000;

/** Note for Swagger, because the examples are the same at every DFSP. */
const SIDES =
  "Where examples take sides, Alice of dfsp1 pays Bob of dfsp2: try a payer's routes at dfsp1, a payee's at dfsp2.";

/** Definition of a role: `main.ts` runs it, the demo network hosts it. */
export interface RoleDefinition<S extends RoleSettings> {
  role: ServiceName;
  /** One sentence for Swagger and the network's page. */
  description: string;
  settings: new () => S;
  /** Base paths of its routes, the primary first, without slashes at the ends; `''` is the root. */
  basePaths: readonly string[];
  module: (settings: S) => DynamicModule;
  /** For roles with a database: every state of a row in it that does not stay. */
  openStates?: (settings: S) => readonly OpenState[];
  /** For roles with a database: the rows of a payment in it. */
  timeline?: (settings: S) => readonly TimelineSource[];
  /** For roles with websockets. */
  webSocketAdapter?: (app: INestApplication, settings: S) => WebSocketAdapter;
  /**
   * The role calls no other role, so only its log lines need the trace of a request. Without an asynchronous context
   * every promise is cheaper.
   */
  callsNobody?: boolean;
  /** The role passes on transfers, whose memos are kept unchanged at any depth. */
  keepsMemos?: boolean;
  /**
   * Suffixes of paths that accept plain text under any content type; elsewhere only JSON is accepted, else 415
   * (contract 0.3).
   */
  takesText?: readonly string[];
  /**
   * Suffixes of paths that also accept JSON with the content type of a form, which `curl -d` sends by default: samples
   * of the second seed send no content type.
   */
  takesJsonAsForm?: readonly string[];
  /** Further set-up of Fastify, for example parsers of content types. */
  configure?: (app: NestFastifyApplication, settings: S) => void;
}

export interface RunningRole {
  role: ServiceName;
  dfsp: string | null;
  /** Public base URL. */
  url: string;
  app: NestFastifyApplication;
  /** @throws ContractError 503 while a dependency of this role is not usable. */
  assertReady(): Promise<void>;
  /** Says that the role is not ready, and waits `STOP_DELAY_MS`, so that proxies send it no more requests. */
  leave(): Promise<void>;
  /** Refuses requests that begin something with 503; resolves when those that have begun are answered. */
  endBeginnings(): Promise<void>;
  /** Refuses every request, waits until those under way are answered (at most `STOP_WITHIN_S`), and ends the role. */
  close(): Promise<void>;
}

export interface HostOptions {
  /** One recorder for all roles of a host. */
  hops?: HopRecorder;
  /** Metrics of the process, which the first of its roles exports. */
  process?: ProcessMetrics | undefined;
  /** Senders of the spans of all its roles. */
  spans?: SpanSenders;
  /** For a demo network with another PORT_BASE than the examples. */
  moveExamples?: MoveExamples | undefined;
}

@Module({})
class PlatformModule {
  static forRole(values: [Function, unknown][], basePaths: readonly string[]): DynamicModule {
    return {
      module: PlatformModule,
      global: true,
      controllers: [healthController(basePaths), MetricsController],
      providers: [...values.map(([provide, useValue]) => ({ provide, useValue })), WorkMetrics],
      exports: values.map(([provide]) => provide),
    };
  }
}

@Module({})
class RootModule {}

function dfspOf(settings: RoleSettings): string | null {
  return (settings as RoleSettings & { dfsp?: string }).dfsp ?? null;
}

function authenticatorOf(app: NestFastifyApplication): RequestAuthenticator | undefined {
  // Nest logs an error if a missing provider is requested.
  const provides = [...app.get(ModulesContainer).values()].some(({ providers }) => providers.has(RequestAuthenticator));
  return provides ? app.get(RequestAuthenticator, { strict: false }) : undefined;
}

function installAuthentication(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  app.get(CallableRoutes, { strict: false }).installHook(fastify);
  requireCallers(
    fastify,
    authenticatorOf(app),
    app.get(Refusals, { strict: false }),
    app.get(Monitors, { strict: false }),
  );
}

/** Credentials of callers in the settings of a role. */
interface CallerSettings {
  callers?: string;
  apiCredentials?: string;
  adminCredentials?: string;
  directoryAdmin?: string;
  registryAdmin?: string;
}

interface DemoLogin {
  name: string;
  password: string;
}

const named = (...names: string[]): DemoLogin[] => names.map((name) => ({ name, password: name }));

/** Credentials that work at a role of the demo network; the first work for most of its operations. */
function demoLogins({ role, dfsp }: RoleIdentity, settings: RoleSettings & CallerSettings): DemoLogin[] {
  const { callers, apiCredentials, adminCredentials, directoryAdmin, registryAdmin } = settings;
  const known = [apiCredentials, callers, adminCredentials, directoryAdmin, registryAdmin].flatMap((pairs) =>
    pairs ? credentialPairs(pairs) : [],
  );
  if (role === 'central-directory') return [...named('dfsp1', 'dfsp2'), ...known];
  if (!role.includes('ledger')) return known;
  const holders = dfsp === null ? ['dfsp1', 'dfsp2'] : [dfsp === 'dfsp2' ? 'bob' : 'alice'];
  return [...named('admin', ...holders), ...known];
}

/** Text for the Authorize dialog: the credentials in the demo network, elsewhere whose credentials are needed. */
function credentialsText(logins: readonly DemoLogin[]): string {
  if (logins.length === 0) return 'Name and password of a caller that the operation names.';
  const shown = logins.map(({ name, password }) => `\`${name}\` / \`${password}\``);
  return `In the demo network: ${shown.join(', ')}. Each operation lists in \`x-callers\` who may call it.`;
}

/** The module and the parts that a Nest application of a role needs. */
function assembleRole<S extends RoleSettings>(definition: RoleDefinition<S>, settings: S, host: HostOptions) {
  validateSettings(settings);
  settings.publicUrl = settings.publicUrl.replace(/\/+$/, '');
  const identity = new RoleIdentity(definition.role, dfspOf(settings));
  const { role, dfsp } = identity;
  const warn = (fields: object, message: string): void => logger.warn(fields, message);
  const tracing = Tracing.of(settings, { role, dfsp, warn }, host.spans);
  const logger = RoleLogger.create({ role, dfsp }, settings.logLevel, tracing);
  const logins = new LoginGuard(settings);
  const health = new Health();
  const clocks = new PeerClocks(settings.clockSkewMaxMs, logger);
  health.registerNotes(() => clocks.notes);
  const hops = new HopRecorder(host.hops);
  const admission = AdmissionLimiter.of(settings);
  const metrics = new RoleMetrics(identity);
  measureRole(metrics, { health, hops, admission, clocks });
  host.process?.exportWith(metrics);
  const publicPath = new PublicPath(settings.publicUrl, definition.basePaths);
  const platform = PlatformModule.forRole(
    [
      [RoleIdentity, identity],
      [RoleLogger, logger],
      [Health, health],
      [GracefulStop, new GracefulStop(settings, health)],
      [PeerClocks, clocks],
      [PublicPath, publicPath],
      [WebOrigins, new WebOrigins(settings.corsOrigins)],
      [LoginGuard, logins],
      [AdmissionLimiter, admission],
      [Refusals, new Refusals(logins, logger)],
      [HopRecorder, hops],
      [Tracing, tracing],
      [RoleMetrics, metrics],
      [Monitors, new Monitors(settings)],
      [CallableRoutes, new CallableRoutes(identity.role)],
    ],
    definition.basePaths,
  );
  const demo = settings.demoNetwork ? demoLogins(identity, settings) : [];
  const description: ApiDescription = {
    title: identity.dfsp ? `${definition.role} of ${identity.dfsp}` : definition.role,
    description: identity.dfsp ? `${definition.description} ${SIDES}` : definition.description,
    credentials: credentialsText(demo),
    role: identity.role,
    errorsPage: `${settings.publicUrl}${ERRORS_PATH}`,
    moveExamples: settings.demoNetwork ? host.moveExamples : undefined,
    demoLogin: demo[0],
  };
  const states = definition.openStates?.(settings);
  const open = states ? [OpenStatesModule.forRole(states, definition.basePaths)] : [];
  const sources = definition.timeline?.(settings);
  const timeline = sources ? [TimelineModule.forRole(sources, definition.basePaths)] : [];
  const module = { module: RootModule, imports: [platform, definition.module(settings), ...open, ...timeline] };
  return { module, logger, description, publicPath };
}

/**
 * Builds a role without listening. Call `app.init()` or {@link startRole} to run it.
 * @throws StartupError if its settings or its database cannot be used.
 */
export async function createRole<S extends RoleSettings>(
  definition: RoleDefinition<S>,
  settings: S,
  host: HostOptions = {},
): Promise<NestFastifyApplication> {
  const { module, logger, description, publicPath } = assembleRole(definition, settings, host);
  const app = await NestFactory.create<NestFastifyApplication>(
    module,
    new FastifyAdapter({
      bodyLimit: BODY_LIMIT_BYTES,
      forceCloseConnections: true,
      // No role has Express middleware.
      skipMiddie: true,
      requestTimeout: settings.requestTimeoutS * 1_000,
      connectionTimeout: IDLE_TIMEOUT_MS,
      clientErrorHandler: answerBadRequest,
      http: { headersTimeout: Math.min(HEADERS_TIMEOUT_MS, settings.requestTimeoutS * 1_000) },
      frameworkErrors: (error: Error, _request: FastifyRequest, reply: FastifyReply) =>
        sendError(reply, toContractError(error)),
      rewriteUrl: ({ url = '/' }: { url?: string }) => publicPath.inside(url),
      routerOptions: { maxParamLength: 1_024, ignoreTrailingSlash: true },
    } as ConstructorParameters<typeof FastifyAdapter>[0]),
    // The role's own parsers replace the framework's, which would accept forms too.
    { logger: logger.forNest(), abortOnError: false, bodyParser: false },
  );
  allowOrigins(app, app.get(WebOrigins, { strict: false }));
  const stop = app.get(GracefulStop, { strict: false });
  boundServer(app.getHttpAdapter().getInstance(), settings);
  stop.install(app.getHttpAdapter().getInstance());
  installBodyParsers(app, {
    text: definition.takesText,
    jsonAsForm: definition.takesJsonAsForm,
    withMemos: definition.keepsMemos,
  });
  installTraces(app.getHttpAdapter().getInstance(), app.get(Tracing, { strict: false }), {
    role: definition.role,
    callsNobody: definition.callsNobody ?? false,
  });
  installAuthentication(app);
  stop.installForBeginnings(app.getHttpAdapter().getInstance());
  installUriGate(app);
  installAdmission(app.getHttpAdapter().getInstance(), app.get(AdmissionLimiter, { strict: false }), logger);
  app.useGlobalPipes(new ContractValidationPipe(unitOf(settings)));
  app.useGlobalFilters(new ContractErrorFilter(logger, app.get(PeerClocks, { strict: false })));
  if (definition.webSocketAdapter) app.useWebSocketAdapter(definition.webSocketAdapter(app, settings));
  definition.configure?.(app, settings);
  serveDocs(app, description);
  return app;
}

/** From a document in docs/openapi. */
const STORED_ERRORS_PAGE = '../errors.md';

/** The OpenAPI document of a role, created without its database or any other dependency. */
export async function documentRole<S extends RoleSettings>(
  definition: RoleDefinition<S>,
  settings: S,
): Promise<OpenAPIObject> {
  const { module, description } = assembleRole(definition, settings, {});
  // It only registers base paths, which the document needs.
  InitializeOnPreviewAllowlist.add(RouterModule);
  const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), {
    preview: true,
    logger: false,
    abortOnError: false,
  });
  try {
    return openApiDocument(app, Object.assign(description, { errorsPage: STORED_ERRORS_PAGE }));
  } finally {
    await app.close();
  }
}

async function listenOnPort(app: NestFastifyApplication, settings: RoleSettings): Promise<void> {
  try {
    await app.listen({ host: settings.host, port: settings.port });
  } catch (error) {
    await app.close().catch(() => undefined);
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EADDRINUSE') {
      throw new StartupError(`port ${settings.port} on ${settings.host} is taken by another program`);
    }
    throw code ? new StartupError(`cannot listen on ${settings.host}:${settings.port}: ${code}`) : error;
  }
}

/**
 * Builds a role and runs what it does before it listens. A database that is lost meanwhile is waited for, as one that
 * is not there at the start.
 */
async function initialiseRole<S extends RoleSettings>(
  definition: RoleDefinition<S>,
  settings: S,
  host: HostOptions,
): Promise<NestFastifyApplication> {
  const { databaseUrl, databaseWaitS = 0 } = settings as S & Partial<DatabaseSettings>;
  const start = async (): Promise<NestFastifyApplication> => {
    const app = await createRole(definition, settings, host);
    try {
      return await app.init();
    } catch (error) {
      await app.close().catch(() => undefined);
      throw error;
    }
  };
  if (databaseUrl === undefined) return start();
  const logger = RoleLogger.create({ role: definition.role, dfsp: dfspOf(settings) }, settings.logLevel);
  const place = accessFor({ databaseUrl, schema: '' }).target.shown;
  return whenUsable({ waitMs: databaseWaitS * 1_000, place, warn: (line) => logger.warn({}, line) }, start);
}

/** Starts one role. @throws StartupError with one line that says what to mend. */
export async function startRole<S extends RoleSettings>(
  definition: RoleDefinition<S>,
  settings: S,
  host: HostOptions = {},
): Promise<RunningRole> {
  const app = await initialiseRole(definition, settings, host);
  await listenOnPort(app, settings);
  const stop = app.get(GracefulStop, { strict: false });
  return {
    role: definition.role,
    dfsp: dfspOf(settings),
    url: settings.publicUrl,
    app,
    assertReady: () => app.get(Health, { strict: false }).assertReady(),
    leave: () => stop.leave(),
    endBeginnings: () => stop.endBeginnings(),
    close: async () => {
      await stop.end();
      await app.close();
    },
  };
}
