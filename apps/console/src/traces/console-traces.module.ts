import { Module } from '@nestjs/common';
import { RefusedRequestsService } from './refused-requests.service.js';
import { SpansController } from './spans.controller.js';
import { SpansRetention } from './spans.retention.js';
import { SpansService } from './spans.service.js';

/** Spans of the network's roles. */
@Module({
  controllers: [SpansController],
  providers: [SpansService, SpansRetention, RefusedRequestsService],
  exports: [SpansService, RefusedRequestsService],
})
export class ConsoleTracesModule {}
