import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiListUndelivered,
  ApiResendUndelivered,
  pageOf,
  UndeliveredDto,
  undeliveredPage,
  UndeliveredPageDto,
  UndeliveredQueryDto,
  UndeliveredRoutes,
} from '@level-one/peers';
import { commonError, CommonErrorId, isContractUuid } from '@level-one/platform';
import { deadlineFrom } from '@level-one/work';
import { DfspApiSettings } from '../dfsp-api.settings.js';
import { type Notice, NoticeKind, NoticeStatus } from './notice.entity.js';
import { NoticeSender } from './notice-sender.js';
import { NoticesRepository } from './notices.repository.js';

const KINDS: Record<NoticeKind, string> = {
  [NoticeKind.Issued]: 'invoiceIssued',
  [NoticeKind.Cancelled]: 'invoiceCancelled',
  [NoticeKind.Rejected]: 'invoiceRejected',
};
const STATES: Record<NoticeStatus, UndeliveredDto['state']> = {
  [NoticeStatus.Pending]: 'waiting',
  [NoticeStatus.Delivered]: 'delivered',
  [NoticeStatus.Undeliverable]: 'undeliverable',
  [NoticeStatus.Withdrawn]: 'withdrawn',
};

/** Notices that other DFSPs have not taken, for the DFSP's operators. */
@UndeliveredRoutes()
@Controller(['v1', ''])
export class DfspApiUndeliveredController {
  constructor(
    private readonly notices: NoticesRepository,
    private readonly sender: NoticeSender,
    private readonly settings: DfspApiSettings,
  ) {}

  /** What other DFSPs have not taken: what is tried again, and what is undeliverable. The oldest first. */
  @Get('undelivered')
  @ApiListUndelivered()
  async listUndelivered(@Query() query: UndeliveredQueryDto): Promise<UndeliveredPageDto> {
    const { limit, after } = pageOf(query);
    const failing = await this.notices.findFailing({ after, limit: limit + 1 });
    return undeliveredPage(
      failing.map((notice) => this.undeliveredDto(notice)),
      limit,
    );
  }

  /** Tries to deliver it at once, and then until a new deadline. */
  @Post('undelivered/:id/resend')
  @HttpCode(200)
  @ApiResendUndelivered()
  async resendUndelivered(@Param('id') id: string): Promise<UndeliveredDto> {
    const isSent = isContractUuid(id) && (await this.sender.sendAgain(id.toLowerCase()));
    const notice = isSent ? await this.notices.findNotice(id.toLowerCase()) : null;
    if (!notice) throw commonError(CommonErrorId.NotFound, { message: 'Nothing undelivered has this id' });
    return this.undeliveredDto(notice);
  }

  private undeliveredDto(notice: Notice): UndeliveredDto {
    const { id, kind, status, invoiceId, submissionUrl, createdAt, attempts, nextAttemptAt, lastErrorId } = notice;
    const deadline = notice.deadlineAt ?? deadlineFrom(createdAt, this.settings);
    return {
      id,
      kind: KINDS[kind],
      state: STATES[status],
      invoiceId,
      to: submissionUrl,
      since: createdAt.toISOString(),
      attempts,
      ...(status === NoticeStatus.Pending && { nextAttemptAt: nextAttemptAt.toISOString() }),
      deadline: deadline.toISOString(),
      ...(lastErrorId !== null && { error: lastErrorId, message: notice.lastError ?? lastErrorId }),
    };
  }
}
