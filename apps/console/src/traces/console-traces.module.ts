import { Module } from '@nestjs/common';
import { SpansController } from './spans.controller.js';
import { SpansRetention } from './spans.retention.js';
import { SpansService } from './spans.service.js';

/** Spans of the network's roles. */
@Module({ controllers: [SpansController], providers: [SpansService, SpansRetention], exports: [SpansService] })
export class ConsoleTracesModule {}
