import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CallableBy } from '@level-one/platform';
import { AuditPageDto, AuditQueryDto } from './audit.dto.js';
import { AuditService } from './audit.service.js';

@ApiTags('Audit log')
@Controller('api/audit')
@CallableBy('operator')
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  /** Who did what, and with what result; the newest first. */
  @Get()
  listAudit(@Query() { limit, after }: AuditQueryDto): Promise<AuditPageDto> {
    return this.audit.listEntries(Number(limit), after);
  }
}
