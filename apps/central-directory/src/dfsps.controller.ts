import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiBasicAuth, ApiResponse } from '@nestjs/swagger';
import { DfspOriginsDto, ErrorDto, Hop, RegisterDfspDto, RegisteredDfspDto } from '@level-one/peers';
import { CallableBy } from '@level-one/platform';
import type { Dfsp } from './dfsp.entity.js';
import { DfspsService } from './dfsps.service.js';

function originsOf({ shortName, providerUrl, schemeAdapterUrl, origins }: Dfsp): DfspOriginsDto {
  return { shortName, providerUrl, ...(schemeAdapterUrl === null ? {} : { schemeAdapterUrl }), origins };
}

@ApiBasicAuth('basic')
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@Controller()
export class DfspsController {
  constructor(private readonly dfsps: DfspsService) {}

  /** What every DFSP registered about itself: the only places whose URLs may be followed. */
  @Get('dfsps')
  @CallableBy('dfsp', 'admin')
  @Hop('support-origins')
  async list(): Promise<DfspOriginsDto[]> {
    return (await this.dfsps.all()).map(originsOf);
  }

  /** Registers a DFSP; only for the admin. The answer is the only place where the secret is told. */
  @Post('commands/register')
  @CallableBy('admin')
  @Hop('support-origins')
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'AlreadyExistsError, UnprocessableEntityError' })
  register(@Body() dfsp: RegisterDfspDto): Promise<RegisteredDfspDto> {
    return this.dfsps.register(dfsp);
  }
}
