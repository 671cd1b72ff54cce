import { Injectable } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import { formatShortest } from '@level-one/money';
import { RoleLogger } from '@level-one/platform';
import { isRefusal, Keeper, pauseAfter, reasonOf } from '@level-one/work';
import { type Quote, quoteError, QuoteErrorId, QuoteSide, QuoteStatus, TransferType } from '@level-one/quote';
import { Limits } from '@level-one/tariff';
import { randomUUID } from 'node:crypto';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import { PaymentErrorId } from '../../ledger/payment-errors.js';
import { isOpen } from '../payments/outgoing-payment.entity.js';
import { OutgoingPaymentsRepository } from '../payments/outgoing-payments.repository.js';
import { OutgoingPaymentsService } from '../payments/outgoing-payments.service.js';
import { ChannelQuotesService } from '../quotes/channel-quotes.service.js';
import { OutgoingQuotesService, payeeNameOf } from '../quotes/outgoing-quotes.service.js';
import { type BulkPayment, type BulkRow, RowStatus } from './bulk-payment.entity.js';
import { BulkPaymentsRepository } from './bulk-payments.repository.js';

/** A row is taken for this long: longer than one row may take. */
const LEASE_MS = 180_000;
/** A quote must be valid for this long when it is paid. */
const QUOTE_MS_MIN = 20_000;
/** Refusals of a quote or a payment whose time is over: another one may be in time. */
const TOO_LATE: ReadonlySet<string> = new Set([QuoteErrorId.Expired, PaymentErrorId.Expired]);
const NO_ERROR = { errorId: null, message: null };

/**
 * Works on the rows of bulk payments, a few at a time: quotes each, and pays it once the list was executed. A row keeps
 * the paymentId it got when the list came, so that it is paid once also if it is taken again after a crash.
 */
@Injectable()
export class BulkWorker extends Keeper {
  /** Rows that this worker has let go without a result; they are due as soon as that can be written. */
  private released: BulkRow[] = [];

  constructor(
    private readonly settings: DfspApiSettings,
    private readonly bulks: BulkPaymentsRepository,
    private readonly channel: ChannelQuotesService,
    private readonly quotes: OutgoingQuotesService,
    private readonly payments: OutgoingPaymentsService,
    private readonly outgoing: OutgoingPaymentsRepository,
    private readonly limits: Limits,
    private readonly logger: RoleLogger,
  ) {
    super({ name: 'bulk payments', intervalMs: settings.sweepIntervalMs, logger });
  }

  override async onApplicationBootstrap(): Promise<void> {
    await this.bulks.releaseAll(new Date());
    await super.onApplicationBootstrap();
  }

  /** One run, also for tests. */
  async lookAfterDue(signal: AbortSignal = new AbortController().signal): Promise<void> {
    await this.releaseRows();
    await this.bulks.advanceAll();
    await this.workLane(signal, this.settings.bulkParallel - 1);
  }

  protected sweep(signal: AbortSignal): Promise<void> {
    return this.lookAfterDue(signal);
  }

  private async releaseRows(): Promise<void> {
    const rows = this.released;
    if (rows.length === 0) return;
    await this.bulks.releaseRows(rows, new Date());
    this.released = this.released.filter((row) => !rows.includes(row));
  }

  /**
   * Works on rows until none is due. Starts a further lane with its first row, so that an idle look costs one query.
   */
  private async workLane(signal: AbortSignal, further: number): Promise<void> {
    const first = await this.takeRow(signal);
    if (!first) return;
    await Promise.all([this.workAlong(first, signal), ...(further > 0 ? [this.workLane(signal, further - 1)] : [])]);
  }

  private async workAlong(first: BulkRow, signal: AbortSignal): Promise<void> {
    let row: BulkRow | undefined = first;
    while (row) {
      const bulk = await this.bulks.findBulkPayment(row.bulkId);
      if (bulk) await this.tryToWorkOn(bulk, row);
      row = await this.takeRow(signal);
    }
  }

  private async takeRow({ aborted }: AbortSignal): Promise<BulkRow | undefined> {
    if (aborted) return undefined;
    const now = new Date();
    const [row] = await this.bulks.takeDue(now, new Date(now.getTime() + LEASE_MS), 1);
    return row;
  }

  private async tryToWorkOn(bulk: BulkPayment, row: BulkRow): Promise<void> {
    try {
      await this.workOn(bulk, row).catch((error: unknown) => this.failRow(row, error));
    } catch (err) {
      // It is not known what is written: the row is taken again as soon as the database answers.
      this.released.push(row);
      this.logger.warn({ err, bulkId: row.bulkId, line: row.line }, 'a row of a bulk payment is taken again');
    }
  }

  private workOn(bulk: BulkPayment, row: BulkRow): Promise<void> {
    return row.status === RowStatus.Waiting ? this.checkRow(bulk, row) : this.payRow(bulk, row);
  }

  /** Quotes a row. The quote finds the payee, their name and the fee, and checks the limits of both sides. */
  private async checkRow(bulk: BulkPayment, row: BulkRow): Promise<void> {
    await this.bulks.moveRow(row, RowStatus.Waiting, {
      status: RowStatus.Checked,
      ...columnsFrom(await this.quoteRow(bulk, row)),
    });
  }

  private async payRow(bulk: BulkPayment, row: BulkRow): Promise<void> {
    if (row.status === RowStatus.Checked) {
      if (!(await this.hasItsPrice(bulk, row))) return;
      if (!(await this.bulks.moveRow(row, RowStatus.Checked, { status: RowStatus.Paying }))) {
        // Its list is over: it is due when the list is resumed, not when its lease ends.
        await this.bulks.moveRow(row, RowStatus.Checked, { checkAt: new Date() });
        return;
      }
      row.status = RowStatus.Paying;
    }
    const { status } = await this.payments.payQuote(row.paymentId);
    if (status === 'executed') await this.bulks.moveRow(row, RowStatus.Paying, { status: RowStatus.Paid, ...NO_ERROR });
    else await this.bulks.moveRow(row, row.status, this.nextAttempt(row));
  }

  /**
   * Whether a row can be paid at the price it was checked at; it fails if that has changed. Asks for a new quote where the
   * first one has expired or is used. False also if another worker has moved the row.
   */
  private async hasItsPrice(bulk: BulkPayment, row: BulkRow): Promise<boolean> {
    const known = await this.quotes.findQuote(row.paymentId);
    if (known && (known.status === QuoteStatus.Used || lastsLongEnough(known))) return true;
    if (known && !(await this.renewPaymentId(row))) return false;
    const price = columnsFrom(await this.quoteRow(bulk, row));
    if ((['sourceAmount', 'fee', 'receiveAmount'] as const).every((name) => price[name] === row[name])) return true;
    const changed = quoteError(QuoteErrorId.Expired, { message: 'The price has changed since the list was checked' });
    await this.bulks.moveRow(row, RowStatus.Checked, { status: RowStatus.Failed, ...reasonOf(changed) });
    return false;
  }

  private async renewPaymentId(row: BulkRow): Promise<boolean> {
    const paymentId = randomUUID();
    // Lost the race: another worker has moved this row.
    if (!(await this.bulks.moveRow(row, RowStatus.Checked, { paymentId }))) return false;
    // The old quote must not count towards the limits beside the new one.
    await this.limits.releasePayment(row.paymentId, QuoteSide.Debit);
    row.paymentId = paymentId;
    return true;
  }

  private quoteRow({ payerIdentifier, account, amountType }: BulkPayment, row: BulkRow): Promise<Quote> {
    const order = {
      paymentId: row.paymentId,
      sourceIdentifier: payerIdentifier,
      sourceAccount: account,
      destinationIdentifier: row.identifier,
      amount: row.amount,
      ...(row.currency === null ? {} : { currency: row.currency }),
      amountType,
    };
    return this.channel.quotePaymentOfType(order, TransferType.BulkPayment);
  }

  /**
   * A refusal is final. What may pass is tried again until the deadline of the list: a payment that may have been sent by
   * its own id, one that has ended without money as a new one.
   */
  private async failRow(row: BulkRow, error: unknown): Promise<void> {
    const payment = row.status === RowStatus.Paying ? await this.outgoing.findPayment(row.paymentId) : null;
    const isUnderWay = payment !== null && isOpen(payment);
    const reason = reasonOf(error);
    if (!isUnderWay && isRefusal(error) && !TOO_LATE.has(error.id)) {
      const status = row.status === RowStatus.Waiting ? RowStatus.Refused : RowStatus.Failed;
      await this.bulks.moveRow(row, row.status, { status, ...reason });
      return;
    }
    this.logFailure(row, error);
    const again = { ...this.nextAttempt(row), ...reason };
    if (isUnderWay) await this.bulks.moveRow(row, row.status, again);
    else
      await this.bulks.moveRow(row, row.status, { ...again, ...this.anew(row, payment !== null || isTooLate(error)) });
  }

  /** What a row that was not paid begins again with. @param isUsed whether its paymentId may not be used again */
  private anew({ status }: BulkRow, isUsed: boolean): Partial<BulkRow> {
    return {
      ...(status === RowStatus.Paying && { status: RowStatus.Checked }),
      ...(isUsed && { paymentId: randomUUID() }),
    };
  }

  private nextAttempt({ attempts }: BulkRow): Pick<BulkRow, 'attempts' | 'checkAt'> {
    const { deliveryPauseMs: firstMs, deliveryPauseMaxS } = this.settings;
    const pauseMs = pauseAfter(attempts + 1, { firstMs, maxMs: deliveryPauseMaxS * 1_000 });
    return { attempts: attempts + 1, checkAt: new Date(Date.now() + pauseMs) };
  }

  private logFailure({ bulkId, line, attempts }: BulkRow, err: unknown): void {
    const members = { err, bulkId, line };
    if (attempts === 0) this.logger.warn(members, 'a row of a bulk payment cannot be worked on now; it is tried again');
    else this.logger.debug(members, 'a row of a bulk payment cannot be worked on yet');
  }
}

/** Whether the quote is valid long enough for its payment to arrive. */
function lastsLongEnough({ status, expiresAt }: Quote): boolean {
  return status === QuoteStatus.Reserved && expiresAt.getTime() - Date.now() > QUOTE_MS_MIN;
}

function columnsFrom(quote: Quote) {
  const { sourceAmount, fee, receiveAmount, scale, currency } = quote;
  return {
    name: payeeNameOf(quote),
    sourceAmount,
    fee,
    receiveAmount: `${formatShortest(receiveAmount, scale)} ${currency}`,
    attempts: 0,
    checkAt: new Date(),
    ...NO_ERROR,
  };
}

/** Whether the time of the quote or of its payment was over. */
function isTooLate(error: unknown): boolean {
  return error instanceof ContractError && TOO_LATE.has(error.id);
}
