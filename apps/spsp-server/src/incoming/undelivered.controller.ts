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
import type { EndedPayment, IssuedPayment, PaymentOutcome } from '../issuing/store/issued-payment.entity.js';
import { IssuedPaymentsRepository } from '../issuing/store/issued-payments.repository.js';
import { DfspNotifier } from './dfsp-notifier.js';

const KINDS: Record<PaymentOutcome, string> = {
  executed: 'paymentExecuted',
  rejected: 'paymentRejected',
  expired: 'paymentExpired',
};

/** Ends of payments that the DFSP was not told, for its operators. */
@UndeliveredRoutes()
@Controller('v1')
export class SpspServerUndeliveredController {
  private readonly outbox: Outbox<IssuedPayment> = {
    findFailing: (page) => this.payments.findFailing(page),
    sendAgain: (id) => this.notifier.tellAgain(id),
    find: (id) => this.payments.findPayment(id),
    sendAllAgain: (limit) => this.notifier.sendAllAgain(limit),
    countUndeliverable: () => this.payments.countUndeliverable(),
    toJson: (payment) => this.undeliveredDto(payment),
  };

  constructor(
    private readonly payments: IssuedPaymentsRepository,
    private readonly notifier: DfspNotifier,
  ) {}

  /** What the DFSP was not told: what is tried again, and what is undeliverable. The oldest first. */
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

  private undeliveredDto(payment: IssuedPayment): UndeliveredDto {
    const { paymentId, invoiceId, toldAt, givenUpAt, tellAfter, tellAttempts, tellErrorId, tellError } = payment;
    const { outcome, endedAt } = payment as EndedPayment;
    const state = toldAt ? 'delivered' : givenUpAt ? 'undeliverable' : 'waiting';
    return {
      id: paymentId,
      kind: KINDS[outcome],
      state,
      paymentId,
      ...(invoiceId !== null && { invoiceId }),
      since: endedAt.toISOString(),
      attempts: tellAttempts,
      ...(state === 'waiting' && tellAfter && { nextAttemptAt: tellAfter.toISOString() }),
      deadline: this.notifier.deadlineOf(payment as EndedPayment).toISOString(),
      ...(tellErrorId !== null && { error: tellErrorId, message: tellError ?? tellErrorId }),
    };
  }
}
