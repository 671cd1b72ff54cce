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
  constructor(
    private readonly payments: IssuedPaymentsRepository,
    private readonly notifier: DfspNotifier,
  ) {}

  /** What the DFSP was not told: what is tried again, and what is undeliverable. The oldest first. */
  @Get('undelivered')
  @ApiListUndelivered()
  async listUndelivered(@Query() query: UndeliveredQueryDto): Promise<UndeliveredPageDto> {
    const { limit, after } = pageOf(query);
    const failing = await this.payments.findFailing({ after, limit: limit + 1 });
    return undeliveredPage(
      failing.map((payment) => this.undeliveredDto(payment)),
      limit,
    );
  }

  /** Tries to deliver it at once, and then until a new deadline. */
  @Post('undelivered/:id/resend')
  @HttpCode(200)
  @ApiResendUndelivered()
  async resendUndelivered(@Param('id') id: string): Promise<UndeliveredDto> {
    const isTold = isContractUuid(id) && (await this.notifier.tellAgain(id.toLowerCase()));
    const payment = isTold ? await this.payments.findPayment(id.toLowerCase()) : null;
    if (!payment) throw commonError(CommonErrorId.NotFound, { message: 'Nothing undelivered has this id' });
    return this.undeliveredDto(payment);
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
