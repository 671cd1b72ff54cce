import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiBody, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CallableBy, CommonErrorId, commonError } from '@level-one/platform';
import type { FastifyRequest } from 'fastify';
import { AuditService } from '../audit/audit.service.js';
import { ConsoleSettings } from '../console.settings.js';
import { RoleHttp, type RoleRequest } from '../network/role-http.js';
import { ConsoleAuthenticator } from '../sessions/console-authenticator.js';

/** A rule in force, as far as it is used here. */
interface FaultInForce {
  id: string;
  rule?: object;
}

@ApiTags('Faults')
@ApiResponse({ status: 404, description: 'NotFoundError: the network runs without faults' })
@Controller('api/faults')
@CallableBy('admin')
export class FaultsController {
  constructor(
    private readonly settings: ConsoleSettings,
    private readonly http: RoleHttp,
    private readonly audit: AuditService,
    private readonly authenticator: ConsoleAuthenticator,
  ) {}

  /** Rules in force, with how often each was met and what it holds. */
  @Get()
  @ApiResponse({ status: 200, schema: { type: 'array', items: { type: 'object' } } })
  listFaults(): Promise<FaultInForce[]> {
    return this.atSwitches<FaultInForce[]>({ path: '/faults' });
  }

  /** Adds a rule of docs/faults.md. */
  @Post()
  @ApiBody({ schema: { type: 'object', example: { hop: 'row-35', action: { do: 'delay', ms: 3_000 } } } })
  @ApiResponse({ status: 201, schema: { type: 'object' } })
  @ApiResponse({ status: 400, description: 'InvalidBodyError' })
  async addFault(@Body() rule: unknown, @Req() request: FastifyRequest): Promise<object> {
    const added = await this.atSwitches<{ id: string }>({ method: 'POST', path: '/faults', body: rule });
    await this.noteChange(request, 'add fault', added.id, rule as object);
    return added;
  }

  /** Ends a rule; what it holds goes on. */
  @Delete(':id')
  @HttpCode(204)
  @ApiParam({ name: 'id', example: '1' })
  async removeFault(@Param('id') id: string, @Req() request: FastifyRequest): Promise<void> {
    const rule = (await this.listFaults()).find((one) => one.id === id)?.rule;
    await this.atSwitches({ method: 'DELETE', path: `/faults/${encodeURIComponent(id)}` });
    await this.noteChange(request, 'remove fault', id, rule);
  }

  private atSwitches<T>(request: RoleRequest): Promise<T> {
    const { faultsUrl } = this.settings;
    if (faultsUrl === undefined) {
      const message = 'The network runs without faults; start it with npm run start:faults';
      throw commonError(CommonErrorId.NotFound, { message });
    }
    const url = faultsUrl.replace(/\/+$/, '');
    return this.http.read<T>({ name: 'the switches of faults', url, credentials: undefined }, request);
  }

  private async noteChange(request: FastifyRequest, action: string, subject: string, detail = {}): Promise<void> {
    const { name: who } = await this.authenticator.userOf(request);
    await this.audit.addEntry({ who, action, subject, detail, outcome: 'done' });
  }
}
