import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CallableBy, CommonErrorId, commonError } from '@level-one/platform';
import { readSpans } from './otlp.js';
import { SpansKeptDto } from './spans.dto.js';
import { SpansService } from './spans.service.js';

/** Longest body of spans. */
export const SPANS_BYTES_MAX = 4 * 1024 * 1024;
export const SPANS_PATH = '/v1/traces';

@ApiTags('Traces')
@Controller('v1/traces')
@CallableBy('tracer')
export class SpansController {
  constructor(private readonly spans: SpansService) {}

  /** Takes spans by OTLP/HTTP in JSON, without compression. Spans that come again are kept once. */
  @Post()
  @HttpCode(200)
  @ApiBody({ schema: { type: 'object', description: 'ExportTraceServiceRequest of OTLP, in JSON' } })
  @ApiResponse({ status: 400, description: 'InvalidBodyError' })
  @ApiResponse({ status: 413, description: 'PayloadTooLargeError: more than 4 MiB' })
  @ApiResponse({ status: 503, description: 'ServiceUnavailableError: too many spans at once' })
  async addSpans(@Body() body: unknown): Promise<SpansKeptDto> {
    const read = readSpans(body);
    if (!read) throw commonError(CommonErrorId.InvalidBody, { message: 'resourceSpans is missing' });
    await this.spans.addSpans(read.spans);
    const errorMessage = read.rejected === 0 ? '' : 'some spans have no role, no ids or no times, or are too many';
    return { partialSuccess: { rejectedSpans: String(read.rejected), errorMessage } };
  }
}
