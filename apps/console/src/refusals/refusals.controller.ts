import { Controller, Get, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { CallableBy } from '@level-one/platform';
import { RefusalsPageDto, RefusalsQueryDto } from './refusals.dto.js';
import { RefusalsService } from './refusals.service.js';

@ApiTags('Payments')
@ApiResponse({ status: 400, description: 'InvalidUriParameterError' })
@Controller('api/refusals')
@CallableBy('viewer')
export class RefusalsController {
  constructor(private readonly refusals: RefusalsService) {}

  /** What DFSPs refused before there was a payment: rows of lists and requests, the newest first. */
  @Get()
  listRefusals(@Query() query: RefusalsQueryDto): Promise<RefusalsPageDto> {
    return this.refusals.listRefusals(query);
  }
}
