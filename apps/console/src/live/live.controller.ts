import { Controller, type MessageEvent, Req, Sse } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CallableBy } from '@level-one/platform';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { ConsoleAuthenticator } from '../sessions/console-authenticator.js';
import { LiveEvents } from './live-events.js';

@ApiTags('Live')
@Controller('api/live')
@CallableBy('viewer')
export class LiveController {
  constructor(
    private readonly live: LiveEvents,
    private readonly authenticator: ConsoleAuthenticator,
  ) {}

  @Sse()
  @ApiOperation({
    summary: 'Streams what happens from now on, as server-sent events.',
    description:
      '`span`: a hop, frame or other span; `balances`: accounts of a ledger whose balances changed; `payment`: the state of a payment.',
  })
  async watchNetwork(@Req() request: FastifyRequest): Promise<Observable<MessageEvent>> {
    const { name } = await this.authenticator.userOf(request);
    return this.live.watch({ name, mayWatch: () => this.authenticator.isStillUser(request, name) });
  }
}
