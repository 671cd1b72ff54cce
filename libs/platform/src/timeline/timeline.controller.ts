import { Controller, Get, Param, type Type } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { reasonOf, type TimelineEntry, Timelines } from '@level-one/work';
import { readUuid } from '../input/uuid.pipe.js';
import { CallableBy } from '../roles/callers.js';
import { PaymentTimelineDto, type TimelineEntryDto } from './timeline.dto.js';

/** An entry as it is answered. */
export function timelineEntryToJson({ at, kind, of, what, state, id, detail }: TimelineEntry): TimelineEntryDto {
  return {
    at: at.toISOString(),
    kind,
    of,
    what,
    ...(state !== null && { state }),
    ...(id !== null && { id }),
    ...(detail !== null && detail !== '' && { detail }),
  };
}

/** What a role keeps of a payment, for its operators. */
export function timelineController(basePaths: readonly string[]): Type<unknown> {
  @ApiTags('Operation')
  @ApiResponse({ status: 400, description: 'InvalidUriParameterError' })
  @ApiResponse({ status: 401, description: 'Unauthorized' })
  @CallableBy('admin')
  @Controller([...new Set([...basePaths, ''])])
  class TimelineController {
    constructor(private readonly timelines: Timelines) {}

    /** What happened to a payment at this role, as far as the role keeps it, the oldest first. */
    @Get('timeline/:paymentId')
    @ApiParam({ name: 'paymentId', example: 'c1a7e5d3-0f48-4b96-9e2a-7d3b6f81c520' })
    async readTimeline(@Param('paymentId') id: string): Promise<PaymentTimelineDto> {
      const paymentId = readUuid(id, 'paymentId');
      const { entries, missing } = await this.timelines.readTimeline(paymentId);
      return {
        paymentId,
        entries: entries.map(timelineEntryToJson),
        ...(missing.length > 0 && {
          missing: missing.map(({ of: what, error }) => ({ what, reason: reasonOf(error).errorId })),
        }),
      };
    }
  }
  return TimelineController;
}
