import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CallableBy } from '../roles/callers.js';
import { RoleMetrics } from './role-metrics.js';

/** `GET /metrics` of a role, at the root alone. */
@ApiTags('Operation')
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: RoleMetrics) {}

  @Get()
  @CallableBy('monitor')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @ApiOperation({ summary: 'The metrics of this role, in the text format of Prometheus' })
  @ApiProduces('text/plain')
  @ApiResponse({
    status: 200,
    description: 'docs/metrics.md lists them',
    schema: { type: 'string', example: 'levelone_role_ready{role="dfsp-api",dfsp="dfsp1"} 1\n' },
  })
  @ApiResponse({ status: 403, description: 'UnauthorizedError' })
  readMetrics(): Promise<string> {
    return this.metrics.expose();
  }
}
