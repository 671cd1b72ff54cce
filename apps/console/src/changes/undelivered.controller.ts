import { Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CallableBy } from '@level-one/platform';
import type { FastifyRequest } from 'fastify';
import { AuditService } from '../audit/audit.service.js';
import { ConsoleAuthenticator } from '../sessions/console-authenticator.js';
import { ChangeKinds } from './change-kinds.js';

@ApiTags('Operation')
@Controller('api/undelivered')
@CallableBy('admin')
export class ConsoleUndeliveredController {
  constructor(
    private readonly kinds: ChangeKinds,
    private readonly audit: AuditService,
    private readonly authenticator: ConsoleAuthenticator,
  ) {}

  /** Sends again what could not be delivered. It moves no money, so nobody else has to approve it. */
  @Post(':dfsp/:role/:id/resend')
  @HttpCode(204)
  @ApiParam({ name: 'dfsp', example: 'dfsp1' })
  @ApiParam({ name: 'role', example: 'dfsp-api' })
  @ApiParam({ name: 'id', example: '0b0f4f0a-4b2c-4f57-9c59-0a8f7f3a2d11' })
  @ApiResponse({ status: 404, description: 'NotFoundError' })
  @ApiResponse({ status: 502, description: 'ExternalError' })
  async resendUndelivered(
    @Param('dfsp') dfsp: string,
    @Param('role') role: string,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    const { name: who } = await this.authenticator.userOf(request);
    const prepared = await this.kinds.prepare(id, 'resend', { dfsp, role, id });
    const entry = { who, action: 'resend', subject: id, detail: prepared };
    try {
      await this.kinds.carryOut('resend', prepared);
    } catch (error) {
      await this.audit.addEntry({ ...entry, outcome: (error as Error).message });
      throw error;
    }
    await this.audit.addEntry({ ...entry, outcome: 'done' });
  }
}
