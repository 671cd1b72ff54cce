import { Module } from '@nestjs/common';
import { ConsoleNetworkModule } from '../network/console-network.module.js';
import { ConsoleTracesModule } from '../traces/console-traces.module.js';
import { RefusalsController } from './refusals.controller.js';
import { RefusalsService } from './refusals.service.js';

/** What was refused before there was a payment. */
@Module({
  imports: [ConsoleNetworkModule, ConsoleTracesModule],
  controllers: [RefusalsController],
  providers: [RefusalsService],
})
export class ConsoleRefusalsModule {}
