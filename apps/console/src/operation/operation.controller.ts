import { Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { DfspDetailsDto } from '@level-one/peers';
import { CallableBy, readUuid } from '@level-one/platform';
import type { FastifyRequest } from 'fastify';
import { AuditService } from '../audit/audit.service.js';
import { ConsoleAuthenticator } from '../sessions/console-authenticator.js';
import { ChartsService } from './charts.service.js';
import {
  ChartsDto,
  ChartsQueryDto,
  NetworkInvariantsDto,
  NetworkOpenDto,
  NetworkParticipantsDto,
  NetworkPositionsDto,
  NetworkUndeliveredDto,
  NetworkWindowsDto,
  NetworkReconciliationDto,
  OverduePageDto,
  OverdueQueryDto,
  RoleHealthsDto,
  WindowsQueryDto,
} from './operation.dto.js';
import { OperationService } from './operation.service.js';
import { NetworkReconciliationService } from './reconciliation.service.js';

@ApiTags('Operation')
@ApiResponse({ status: 502, description: 'ExternalError: a role cannot be read' })
@Controller('api')
@CallableBy('viewer')
export class ConsoleOperationController {
  constructor(
    private readonly operation: OperationService,
    private readonly charts: ChartsService,
    private readonly reconciliation: NetworkReconciliationService,
    private readonly authenticator: ConsoleAuthenticator,
    private readonly audit: AuditService,
  ) {}

  /** Every role: whether it is ready, its version and its instances. */
  @Get('roles')
  async listRoles(): Promise<RoleHealthsDto> {
    return { roles: await this.operation.listRoles() };
  }

  /** What is open at every role, and how much of it is overdue. */
  @Get('open')
  readOpen(): Promise<NetworkOpenDto> {
    return this.operation.readOpen();
  }

  /** What should have ended at a role, of one kind, the oldest first. */
  @Get('open/overdue')
  @ApiResponse({ status: 400, description: 'InvalidUriParameterError' })
  @ApiResponse({ status: 404, description: 'NotFoundError: there is no such role, or it has nothing of this kind' })
  listOverdue(@Query() query: OverdueQueryDto): Promise<OverduePageDto> {
    return this.operation.listOverdue(query);
  }

  /** What could not be delivered yet, or at all. */
  @Get('undelivered')
  readUndelivered(): Promise<NetworkUndeliveredDto> {
    return this.operation.readUndelivered();
  }

  /** Positions of the DFSPs, with their caps. */
  @Get('positions')
  readPositions(): Promise<NetworkPositionsDto> {
    return this.operation.readPositions();
  }

  /** Settlement windows, the newest first. */
  @Get('windows')
  listWindows(@Query() { limit, before }: WindowsQueryDto): Promise<NetworkWindowsDto> {
    return this.operation.listWindows(Number(limit), before);
  }

  /** One settlement window with its positions. */
  @Get('windows/:id')
  @ApiParam({ name: 'id', example: '0d6f0f0e-8a53-4e6e-9c1f-1d6b1c1f6a2e' })
  @ApiResponse({ status: 200, schema: { type: 'object' } })
  @ApiResponse({ status: 404, description: 'NotFoundError' })
  readWindow(@Param('id') id: string): Promise<object> {
    return this.operation.readWindow(readUuid(id, 'id'));
  }

  /** DFSPs that are registered at the directory, suspended ones included. */
  @Get('participants')
  listParticipants(): Promise<NetworkParticipantsDto> {
    return this.operation.listParticipants();
  }

  /** One DFSP as the directory knows it, with the names of its valid keys; never a secret. */
  @Get('participants/:name')
  @CallableBy('operator')
  @ApiParam({ name: 'name', example: 'dfsp1' })
  @ApiResponse({ status: 404, description: 'NotFoundError' })
  readParticipant(@Param('name') name: string): Promise<DfspDetailsDto> {
    return this.operation.readParticipant(name);
  }

  /** Checks the invariants of every ledger now. */
  @Get('invariants')
  @CallableBy('operator')
  readInvariants(): Promise<NetworkInvariantsDto> {
    return this.operation.readInvariants();
  }

  /** The last comparison of the network's records. */
  @Get('reconciliation')
  lastReconciliation(): Promise<NetworkReconciliationDto> {
    return this.reconciliation.lastRun();
  }

  /** Begins a comparison of the network's records. It reads only, and goes on after the answer. One that runs is answered. */
  @Post('reconciliation')
  @HttpCode(202)
  @CallableBy('operator')
  async beginReconciliation(@Req() request: FastifyRequest): Promise<NetworkReconciliationDto> {
    const { name: who } = await this.authenticator.userOf(request);
    const { hasBegun, run } = await this.reconciliation.begin(who);
    if (hasBegun) await this.audit.addEntry({ who, action: 'begin reconciliation', outcome: 'done' });
    return run;
  }

  /** Series over time: payments a second, latency, outcomes, positions. */
  @Get('charts')
  readCharts(@Query() { since }: ChartsQueryDto): Promise<ChartsDto> {
    return this.charts.readCharts(since === undefined ? undefined : Date.parse(since));
  }
}
