import { Module } from '@nestjs/common';
import { RequestAuthenticator } from '@level-one/platform';
import { ConsoleAuditModule } from '../audit/console-audit.module.js';
import { ConsoleAuthenticator } from './console-authenticator.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsService } from './sessions.service.js';
import { SessionsSweeper } from './sessions.sweeper.js';

/** Sign-in of people, and what each may do. */
@Module({
  imports: [ConsoleAuditModule],
  controllers: [SessionsController],
  providers: [
    SessionsService,
    SessionsSweeper,
    ConsoleAuthenticator,
    { provide: RequestAuthenticator, useExisting: ConsoleAuthenticator },
  ],
  exports: [ConsoleAuthenticator],
})
export class ConsoleSessionsModule {}
