import { Controller, Get, Param, Query, type Type } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { type OpenCount, type OpenRow, OpenStates } from '@level-one/work';
import { commonError, CommonErrorId } from '../errors/errors.js';
import { CallableBy } from '../roles/callers.js';
import { OpenCountDto, OpenEntryDto, OpenPageDto, OpenQueryDto, OpenSummaryDto } from './open-states.dto.js';

function secondsSince(time: Date): number {
  return Math.max(0, Math.round((Date.now() - time.getTime()) / 1_000));
}

function countToJson({ state, count, overdue, oldest }: OpenCount): OpenCountDto {
  const { kind, state: name, owner, ends, atMost } = state;
  const oldestAgeS = oldest && secondsSince(oldest);
  return { kind, state: name, count, overdue, oldestAgeS, owner, ends, atMost };
}

function rowToJson({ state: { kind, state, owner }, id, since, due, isOverdue }: OpenRow): OpenEntryDto {
  return {
    kind,
    state,
    id,
    since: since.toISOString(),
    ageS: secondsSince(since),
    due: due && due.toISOString(),
    overdue: isOverdue,
    owner,
  };
}

/** What is open in a role, for its operators. */
export function openStatesController(basePaths: readonly string[]): Type<unknown> {
  @ApiTags('Operation')
  @ApiResponse({ status: 401, description: 'Unauthorized' })
  @CallableBy('admin')
  @Controller([...new Set([...basePaths, ''])])
  class OpenStatesController {
    constructor(private readonly open: OpenStates) {}

    /** Everything that has not ended, counted by kind and state: how old it is, who ends it, and how. */
    @Get('open')
    async countOpen(): Promise<OpenSummaryDto> {
      return { open: (await this.open.countOpen()).map(countToJson) };
    }

    /** What has not ended of one kind, the oldest first. */
    @Get('open/:kind')
    @ApiParam({ name: 'kind', example: 'payment' })
    @ApiResponse({ status: 400, description: 'InvalidUriParameterError' })
    @ApiResponse({ status: 404, description: 'NotFoundError: this role has nothing of this kind' })
    async listOpen(@Param('kind') kind: string, @Query() query: OpenQueryDto): Promise<OpenPageDto> {
      if (!this.open.states.some((state) => state.kind === kind)) throw commonError(CommonErrorId.NotFound);
      const limit = Number(query.limit);
      const onlyOverdue = query.overdue === 'true';
      const rows = await this.open.listOpen({ kind, onlyOverdue, limit: limit + 1, after: query.after });
      const page = rows.slice(0, limit);
      return { entries: page.map(rowToJson), next: rows.length > limit ? page.at(-1)!.cursor : null };
    }
  }
  return OpenStatesController;
}
