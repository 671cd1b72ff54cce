import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ErrorDto } from '@level-one/peers';
import { CallableBy, CommonErrorId, commonError } from '@level-one/platform';
import { ReconciledPart, ReconciliationDto, ReconciliationQueryDto } from './reconciliation.dto.js';
import { ReconciliationService } from './reconciliation.service.js';

/** Compares what this DFSP keeps, for its administrators; `npm run reconcile` calls it. */
@ApiTags('Reconciliation')
@CallableBy('admin')
@Controller(['v1/reconciliation', 'reconciliation'])
@ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidUriParameterError' })
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
@ApiResponse({ status: 503, type: ErrorDto, description: 'ServiceUnavailableError' })
export class ReconciliationController {
  constructor(private readonly reconciliation: ReconciliationService) {}

  /**
   * Compares a page of payments with the own ledger, or of invoices, notifications, quotes and limits with their
   * payments. It names each difference, its cause and what to do. It reads only.
   */
  @Get(':part')
  @ApiParam({ name: 'part', enum: ReconciledPart, example: 'outgoing' })
  reconcilePart(@Param('part') part: string, @Query() query: ReconciliationQueryDto): Promise<ReconciliationDto> {
    return this.reconciliation.comparePage(partOf(part), query);
  }
}

function partOf(text: string): ReconciledPart {
  const parts: string[] = Object.values(ReconciledPart);
  if (parts.includes(text)) return text as ReconciledPart;
  const message = `part must be one of ${parts.join(', ')}`;
  throw commonError(CommonErrorId.InvalidUriParameter, { message });
}
