import {
  Controller,
  Get,
  Inject,
  type MessageEvent,
  Module,
  type OnApplicationBootstrap,
  Query,
  Sse,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { CallableBy, GracefulStop, Health, type RoleDefinition } from '@level-one/platform';
import { map, type Observable, Subject, takeUntil } from 'rxjs';
import { consoleRole } from '../../../console/src/console.role.js';
import type { ConsoleSettings } from '../../../console/src/console.settings.js';
import { type NetworkPlan, type TopologyEntry, topologyOf } from '../plan/topology.js';
import { HopLog, type NetworkHop } from './hop-log.js';

const PLAN = Symbol('plan');
const READY = Symbol('ready');

/** What the demo reads of a network that runs in one process: its instances and the last hops. */
@ApiExcludeController()
@Controller()
@CallableBy('viewer')
class NetworkPageController {
  private readonly stopping = new Subject<void>();

  constructor(
    @Inject(PLAN) private readonly plan: NetworkPlan,
    private readonly hops: HopLog,
    stop: GracefulStop,
  ) {
    stop.whenStopping(() => this.stopping.next());
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
    return this.hops.hops$.pipe(
      takeUntil(this.stopping),
      map((hop) => ({ data: hop })),
    );
  }
}

/** The console is ready only if every role of the network is. */
@Module({})
class NetworkPageModule implements OnApplicationBootstrap {
  constructor(
    @Inject(READY) private readonly assertReady: () => Promise<void>,
    private readonly health: Health,
  ) {}

  onApplicationBootstrap(): void {
    this.health.registerCheck('a role of the network', this.assertReady);
  }
}

/** The console of a network that runs in one process. */
export function networkConsole(
  plan: NetworkPlan,
  hops: HopLog,
  assertReady: () => Promise<void>,
): RoleDefinition<ConsoleSettings> {
  return {
    ...consoleRole,
    module: (settings) => ({
      module: NetworkPageModule,
      imports: [consoleRole.module(settings)],
      controllers: [NetworkPageController],
      providers: [
        { provide: PLAN, useValue: plan },
        { provide: READY, useValue: assertReady },
        { provide: HopLog, useValue: hops },
      ],
    }),
  };
}
