import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { AuditService } from './audit.service.js';

/** The log of who did what. */
@Module({ controllers: [AuditController], providers: [AuditService], exports: [AuditService] })
export class ConsoleAuditModule {}
