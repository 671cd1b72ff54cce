import { Controller, Get, Header, Inject, Module, Query, Sse, type MessageEvent } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  answerBadRequest,
  BODY_LIMIT_BYTES,
  boundServer,
  ContractErrorFilter,
  installUriGate,
  RoleLogger,
  StartupError,
} from '@level-one/platform';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';
import { HopLog, type NetworkHop } from './hop-log.js';
import { renderIndex } from './index-page.js';
import { type NetworkPlan, type TopologyEntry, topologyOf } from '../plan/topology.js';

export interface NetworkPage {
  close(): Promise<void>;
}

const PLAN = Symbol('plan');
const READY = Symbol('ready');

/** The network's own page: instances, health, and the last hops. */
@Controller()
class NetworkPageController {
  constructor(
    @Inject(PLAN) private readonly plan: NetworkPlan,
    @Inject(READY) private readonly assertReady: () => Promise<void>,
    private readonly hops: HopLog,
  ) {}

  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  index(): string {
    return renderIndex(this.plan);
  }

  /** Answers 200 only if every role is ready. */
  @Get('health')
  async health(): Promise<{ status: string }> {
    await this.assertReady();
    return { status: 'OK' };
  }

  @Get('topology')
  topology(): TopologyEntry[] {
    return topologyOf(this.plan);
  }

  /** The last hops; with `traceId` only those of one payment. */
  @Get('hops')
  list(@Query('traceId') traceId?: unknown): NetworkHop[] {
    return this.hops.listHops(typeof traceId === 'string' ? traceId.toLowerCase() : undefined);
  }

  /** Streams hops as they end, as server-sent events. */
  @Sse('hops/stream')
  stream(): Observable<MessageEvent> {
    return this.hops.hops$.pipe(map((hop) => ({ data: hop })));
  }
}

@Module({})
class NetworkPageModule {}

/** Headers that allow the page text and one style sheet, and forbid everything else. */
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

const REQUEST_TIMEOUT_MS = 30_000;
/** Bounds for a page that few people read. */
const BOUNDS = { connectionsMax: 256, connectionsPerAddress: 128, requestsPerConnection: 32 };

/** Serves the page at PORT_BASE. @throws StartupError if the port cannot be used */
export async function startNetworkPage(
  plan: NetworkPlan,
  hops: HopLog,
  assertReady: () => Promise<void>,
): Promise<NetworkPage> {
  const app = await NestFactory.create<NestFastifyApplication>(
    {
      module: NetworkPageModule,
      controllers: [NetworkPageController],
      providers: [
        { provide: PLAN, useValue: plan },
        { provide: READY, useValue: assertReady },
        { provide: HopLog, useValue: hops },
      ],
    },
    new FastifyAdapter({
      forceCloseConnections: true,
      bodyLimit: BODY_LIMIT_BYTES,
      requestTimeout: REQUEST_TIMEOUT_MS,
      clientErrorHandler: answerBadRequest,
    }),
    { logger: false, abortOnError: false },
  );
  app.useGlobalFilters(new ContractErrorFilter(RoleLogger.create({ role: 'network', dfsp: null }, 'silent')));
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', async (_request: unknown, reply: FastifyReply) => {
      void reply.headers(SECURITY_HEADERS);
    });
  boundServer(app.getHttpAdapter().getInstance(), BOUNDS);
  installUriGate(app);
  const { hostname, port } = new URL(plan.pageUrl);
  try {
    await app.listen({ host: hostname, port: Number(port) });
  } catch (error) {
    await app.close();
    throw new StartupError(`port ${port} cannot be used: ${(error as NodeJS.ErrnoException).code}`);
  }
  return { close: () => app.close() };
}
