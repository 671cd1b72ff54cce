import { Module } from '@nestjs/common';
import { ClientsController, DirectoryGatewayController } from './directory.controller.js';
import { FraudScorer, NoFraudKnown } from './fraud-scorer.js';
import { LookupService } from './lookup.service.js';

/** Looks up clients of any DFSP by their number (hops I.A to I.G). */
@Module({
  controllers: [DirectoryGatewayController, ClientsController],
  providers: [{ provide: FraudScorer, useClass: NoFraudKnown }, LookupService],
  exports: [LookupService],
})
export class LookupModule {}
