import { Injectable } from '@nestjs/common';
import { RoleLogger } from '@level-one/platform';
import { BatchSweeper } from '@level-one/work';
import { SessionsService } from './sessions.service.js';

/** Deletes sessions that are over. */
@Injectable()
export class SessionsSweeper extends BatchSweeper {
  constructor(sessions: SessionsService, logger: RoleLogger) {
    super({ name: 'sessions', intervalMs: 60_000, size: 1_000, logger, work: (size) => sessions.deleteOver(size) });
  }
}
