import { Controller, Get, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { DowntimeDto, DowntimesDto, DowntimesQueryDto, ErrorDto } from '@level-one/peers';
import { CallableBy } from '@level-one/platform';
import { assertAdmin, Caller } from '../../access/caller.js';
import { Ledger } from '../../engine/ledger.js';
import type { Principal } from '../../rules/principal.js';
import type { Downtime } from '../../schema/downtime.entity.js';
import { LedgerProfile } from '../ledger-profile.js';

/** When the ledger was down (ruling 39). */
@CallableBy('admin')
@Controller('downtimes')
@ApiTags('Ledger')
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
export class DowntimesController {
  constructor(
    private readonly ledger: Ledger,
    private readonly profile: LedgerProfile,
  ) {}

  /**
   * The downtimes of the ledger, newest first, for administrators: times in which no instance wrote to the database for
   * longer than three heartbeats. Each extended the graces that were running.
   */
  @Get()
  async listDowntimes(@Query() query: DowntimesQueryDto, @Caller() caller: Principal): Promise<DowntimesDto> {
    assertAdmin(caller);
    const { limit, before } = query;
    const downtimes = await this.ledger.reads.listDowntimes({ before, limit: Number(limit) });
    const last = downtimes.length < Number(limit) ? undefined : downtimes.at(-1);
    const next = last && new URLSearchParams({ limit, before: last.id }).toString();
    return {
      downtimes: downtimes.map(downtimeToJson),
      next: next === undefined ? null : `${this.profile.uris.base}/downtimes?${next}`,
    };
  }
}

function downtimeToJson({ id, beganAt, endedAt, extended }: Downtime): DowntimeDto {
  return {
    id,
    from: beganAt.toISOString(),
    until: endedAt.toISOString(),
    seconds: Math.round((endedAt.getTime() - beganAt.getTime()) / 1_000),
    extended,
  };
}
