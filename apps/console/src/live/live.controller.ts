import { Controller, type MessageEvent, Sse } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CallableBy } from '@level-one/platform';
import type { Observable } from 'rxjs';
import { LiveEvents } from './live-events.js';

@ApiTags('Live')
@Controller('api/live')
@CallableBy('viewer')
export class LiveController {
  constructor(private readonly live: LiveEvents) {}

  @Sse()
  @ApiOperation({
    summary: 'Streams what happens from now on, as server-sent events.',
    description:
      '`span`: a hop, frame or other span; `balances`: accounts of a ledger whose balances changed; `payment`: the state of a payment.',
  })
  watchNetwork(): Observable<MessageEvent> {
    return this.live.watch();
  }
}
