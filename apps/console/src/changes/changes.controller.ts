import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CallableBy, readUuid } from '@level-one/platform';
import type { FastifyRequest } from 'fastify';
import { ConsoleAuthenticator } from '../sessions/console-authenticator.js';
import { ChangeDto, ChangesDto, ChangesQueryDto, ProposeChangeDto } from './changes.dto.js';
import { ChangesService } from './changes.service.js';

const ID = { name: 'id', example: '5b1d8c3e-2f64-4b8a-9c0d-7e5a1f3b6d92' };

@ApiTags('Changes')
@Controller('api/changes')
@CallableBy('operator')
export class ChangesController {
  constructor(
    private readonly changes: ChangesService,
    private readonly authenticator: ConsoleAuthenticator,
  ) {}

  /** Changes that were proposed, with what became of them; the newest first. */
  @Get()
  listChanges(@Query() { limit, after }: ChangesQueryDto): Promise<ChangesDto> {
    return this.changes.listChanges(Number(limit), after);
  }

  /** Proposes a change. Nothing happens before another person approves it. */
  @Post()
  @ApiResponse({ status: 400, description: 'InvalidBodyError' })
  @ApiResponse({ status: 404, description: 'NotFoundError: what is to be changed is not there' })
  @ApiResponse({ status: 422, description: 'UnprocessableEntityError: it cannot be changed now' })
  async proposeChange(@Body() change: ProposeChangeDto, @Req() request: FastifyRequest): Promise<ChangeDto> {
    return this.changes.propose(await this.authenticator.userOf(request), change);
  }

  /** Approves a change of somebody else, and carries it out. */
  @Post(':id/approve')
  @HttpCode(200)
  @CallableBy('admin')
  @ApiParam(ID)
  @ApiResponse({ status: 403, description: 'UnauthorizedError: it is your own' })
  @ApiResponse({ status: 404, description: 'NotFoundError' })
  @ApiResponse({ status: 422, description: 'UnprocessableEntityError: it is decided already' })
  async approveChange(@Param('id') id: string, @Req() request: FastifyRequest): Promise<ChangeDto> {
    return this.changes.approve(await this.authenticator.userOf(request), readUuid(id, 'id'));
  }

  /** Rejects a change; also one's own. */
  @Post(':id/reject')
  @HttpCode(200)
  @ApiParam(ID)
  @ApiResponse({ status: 404, description: 'NotFoundError' })
  @ApiResponse({ status: 422, description: 'UnprocessableEntityError: it is decided already' })
  async rejectChange(@Param('id') id: string, @Req() request: FastifyRequest): Promise<ChangeDto> {
    return this.changes.reject(await this.authenticator.userOf(request), readUuid(id, 'id'));
  }
}
