import { Controller, Get, Header, Param, Req } from '@nestjs/common';
import { ApiOkResponse, ApiParam, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CallableBy, readUuid } from '@level-one/platform';
import type { FastifyRequest } from 'fastify';
import { AuditService } from '../audit/audit.service.js';
import { ConsoleAuthenticator } from '../sessions/console-authenticator.js';
import { OperationService } from './operation.service.js';

/** Files with the payments that settle a window. Bank accounts are in them, so the audit log has who took one. */
@ApiTags('Operation')
@ApiParam({ name: 'id', example: '0d6f0f0e-8a53-4e6e-9c1f-1d6b1c1f6a2e' })
@ApiResponse({ status: 404, description: 'NotFoundError' })
@ApiResponse({ status: 422, description: 'UnprocessableEntityError: the window is open' })
@ApiResponse({ status: 502, description: 'ExternalError: the central ledger cannot be read' })
@Controller('api/windows/:id')
@CallableBy('operator')
export class ConsolePaymentFilesController {
  constructor(
    private readonly operation: OperationService,
    private readonly audit: AuditService,
    private readonly authenticator: ConsoleAuthenticator,
  ) {}

  /** The payments of a closed settlement window as CSV. */
  @Get('payments.csv')
  @Header('content-type', 'text/csv; charset=utf-8')
  @Header('content-disposition', 'attachment; filename="payments.csv"')
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  downloadWindowCsv(@Param('id') id: string, @Req() request: FastifyRequest): Promise<string> {
    return this.download(id, 'payments.csv', request);
  }

  /** The payments of a closed settlement window as ISO 20022 `pain.001.001.09`. */
  @Get('pain.001.xml')
  @Header('content-type', 'application/xml; charset=utf-8')
  @Header('content-disposition', 'attachment; filename="pain.001.xml"')
  @ApiProduces('application/xml')
  @ApiOkResponse({ schema: { type: 'string' } })
  downloadWindowPain001(@Param('id') id: string, @Req() request: FastifyRequest): Promise<string> {
    return this.download(id, 'pain.001.xml', request);
  }

  private async download(id: string, file: string, request: FastifyRequest): Promise<string> {
    const window = readUuid(id, 'id');
    const { name: who } = await this.authenticator.userOf(request);
    const entry = { who, action: 'download payment file', subject: window, detail: { file } };
    try {
      const content = await this.operation.readPaymentFile(window, file);
      await this.audit.addEntry({ ...entry, outcome: 'done' });
      return content;
    } catch (error) {
      await this.audit.addEntry({ ...entry, outcome: (error as Error).message });
      throw error;
    }
  }
}
