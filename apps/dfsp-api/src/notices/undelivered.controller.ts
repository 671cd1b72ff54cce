import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiListUndelivered,
  ApiResendAllUndelivered,
  ApiResendUndelivered,
  listUndelivered,
  type Outbox,
  resendAllUndelivered,
  ResendAllQueryDto,
  resendUndelivered,
  ResentDto,
  UndeliveredDto,
  UndeliveredPageDto,
  UndeliveredQueryDto,
  UndeliveredRoutes,
} from '@level-one/peers';
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
  private readonly outbox: Outbox<Notice> = {
    findFailing: (page) => this.notices.findFailing(page),
    sendAgain: (id) => this.sender.sendAgain(id),
    find: (id) => this.notices.findNotice(id),
    sendAllAgain: (limit) => this.sender.sendAllAgain(limit),
    countUndeliverable: () => this.notices.countUndeliverable(),
    toJson: (notice) => this.undeliveredDto(notice),
  };

  constructor(
    private readonly notices: NoticesRepository,
    private readonly sender: NoticeSender,
    private readonly settings: DfspApiSettings,
  ) {}

  /** What other DFSPs have not taken: what is tried again, and what is undeliverable. The oldest first. */
  @Get('undelivered')
  @ApiListUndelivered()
  listUndelivered(@Query() query: UndeliveredQueryDto): Promise<UndeliveredPageDto> {
    return listUndelivered(this.outbox, query);
  }

  /** Sends again, at once and then until a new deadline, what is undeliverable: the oldest first, up to `limit`. */
  @Post('undelivered/resend')
  @HttpCode(200)
  @ApiResendAllUndelivered()
  resendAllUndelivered(@Query() query: ResendAllQueryDto): Promise<ResentDto> {
    return resendAllUndelivered(this.outbox, query);
  }

  /** Tries to deliver it at once, and then until a new deadline. */
  @Post('undelivered/:id/resend')
  @HttpCode(200)
  @ApiResendUndelivered()
  resendUndelivered(@Param('id') id: string): Promise<UndeliveredDto> {
    return resendUndelivered(this.outbox, id);
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
