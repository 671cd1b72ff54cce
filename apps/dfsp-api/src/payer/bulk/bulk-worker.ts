import { Injectable } from '@nestjs/common';
import { ContractError, isClientError } from '@level-one/errors';
import { formatShortest } from '@level-one/money';
import { RoleLogger } from '@level-one/platform';
import { Keeper } from '@level-one/work';
import { type Quote, quoteError, QuoteErrorId, QuoteSide, QuoteStatus, TransferType } from '@level-one/quote';
import { Limits } from '@level-one/tariff';
import { randomUUID } from 'node:crypto';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import { OutgoingPaymentsService } from '../payments/outgoing-payments.service.js';
import { ChannelQuotesService } from '../quotes/channel-quotes.service.js';
import { OutgoingQuotesService, payeeNameOf } from '../quotes/outgoing-quotes.service.js';
import { type BulkPayment, type BulkRow, RowStatus } from './bulk-payment.entity.js';
import { BulkPaymentsRepository } from './bulk-payments.repository.js';

/** A row is taken for this long: longer than one row may take. */
const LEASE_MS = 180_000;
/** Pause after an attempt that failed for a reason that may pass. */
const RETRY_MS = 2_000;
const ATTEMPTS_MAX = 5;
/** A quote must be valid for this long when it is paid. */
const QUOTE_MS_MIN = 20_000;
const MESSAGE_LENGTH_MAX = 512;

/**
 * Works on the rows of bulk payments, a few at a time: quotes each, and pays it once the list was executed. A row keeps
 * the paymentId it got when the list came, so that it is paid once also if it is taken again after a crash.
 */
@Injectable()
export class BulkWorker extends Keeper {
  constructor(
    private readonly settings: DfspApiSettings,
    private readonly bulks: BulkPaymentsRepository,
    private readonly channel: ChannelQuotesService,
    private readonly quotes: OutgoingQuotesService,
    private readonly payments: OutgoingPaymentsService,
    private readonly limits: Limits,
    private readonly logger: RoleLogger,
  ) {
    super({ name: 'bulk payments', intervalMs: settings.sweepIntervalMs, logger });
  }

  override async onApplicationBootstrap(): Promise<void> {
    await this.bulks.releaseAll(new Date());
    await super.onApplicationBootstrap();
  }

  protected async sweep(signal: AbortSignal): Promise<void> {
    await this.bulks.advanceAll();
    await this.workLane(signal, this.settings.bulkParallel - 1);
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
      if (row.status === RowStatus.Waiting) await this.checkRow(bulk, row);
      else await this.payRow(bulk, row);
    } catch (error) {
      await this.failRow(row, error);
    }
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
      await this.renewQuote(bulk, row);
      if (!(await this.bulks.moveRow(row, RowStatus.Checked, { status: RowStatus.Paying }))) return;
      row.status = RowStatus.Paying;
    }
    const { status } = await this.payments.payQuote(row.paymentId);
    if (status === 'executed') await this.bulks.moveRow(row, RowStatus.Paying, { status: RowStatus.Paid });
    else await this.retryRow(row);
  }

  /** Asks for a new quote where the first one has expired. A row is paid only at the price it was checked at. */
  private async renewQuote(bulk: BulkPayment, row: BulkRow): Promise<void> {
    const known = await this.quotes.findQuote(row.paymentId);
    if (known && (known.status === QuoteStatus.Used || lastsLongEnough(known))) return;
    const paymentId = randomUUID();
    // Lost the race: another worker has moved this row.
    if (!(await this.bulks.moveRow(row, RowStatus.Checked, { paymentId }))) return;
    // The old quote must not count towards the limits beside the new one.
    await this.limits.releasePayment(row.paymentId, QuoteSide.Debit);
    row.paymentId = paymentId;
    const price = columnsFrom(await this.quoteRow(bulk, row));
    const isSame = (['sourceAmount', 'fee', 'receiveAmount'] as const).every((name) => price[name] === row[name]);
    if (!isSame) {
      throw quoteError(QuoteErrorId.Expired, { message: 'The price has changed since the list was checked' });
    }
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

  /** A refusal is final. Any other failure is tried again, as long as no money can have moved. */
  private async failRow(row: BulkRow, error: unknown): Promise<void> {
    const isRefusal = isClientError(error);
    const isLast = row.attempts + 1 >= ATTEMPTS_MAX && row.status !== RowStatus.Paying;
    if (!isRefusal)
      this.logger.warn({ err: error, bulkId: row.bulkId, line: row.line }, 'a row of a bulk payment failed');
    if (!isRefusal && !isLast) return this.retryRow(row);
    const status = row.status === RowStatus.Waiting ? RowStatus.Refused : RowStatus.Failed;
    await this.bulks.moveRow(row, row.status, { status, ...reasonOf(error) });
  }

  private async retryRow(row: BulkRow): Promise<void> {
    const checkAt = new Date(Date.now() + RETRY_MS);
    await this.bulks.moveRow(row, row.status, { attempts: row.attempts + 1, checkAt });
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
  };
}

function reasonOf(error: unknown): { errorId: string; message: string } {
  if (error instanceof ContractError) {
    return { errorId: error.id, message: error.message.slice(0, MESSAGE_LENGTH_MAX) };
  }
  return { errorId: 'InternalServerError', message: 'An internal error occurred' };
}
