import { Injectable } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import { formatShortest } from '@level-one/money';
import { fingerprintSteps } from '@level-one/peers';
import { CommonErrorId, commonError, isContractUuid } from '@level-one/platform';
import { AmountType, parseAmountType } from '@level-one/quote';
import { inSlices, mapSteps } from '@level-one/work';
import { randomUUID } from 'node:crypto';
import { CustomerErrorId } from '../../customers/customer-errors.js';
import { CustomersService } from '../../customers/customers.service.js';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import { QuoteKeeper } from '../../quotes/quote-keeper.js';
import type { ListedRow } from './bulk-list.js';
import { type BulkPayment, type BulkRow, BulkStatus, RowStatus } from './bulk-payment.entity.js';
import { BulkPaymentDto, BulkOrderDto, BulkRowDto, BulkRowsQueryDto } from './bulk-payments.dto.js';
import { BulkPaymentsRepository, type NewBulkRow } from './bulk-payments.repository.js';
import { BulkWorker } from './bulk-worker.js';

const PAGE = 100;
/** Rows of a result file that are read and written at once. */
const RESULT_PAGE = 200;
const RESULT_COLUMNS = [
  'line',
  'identifier',
  'amount',
  'status',
  'name',
  'fee',
  'total',
  'receiveAmount',
  'paymentId',
  'error',
  'message',
];
/** Columns of the result file if a row names a currency. */
const RESULT_COLUMNS_WITH_CURRENCY = RESULT_COLUMNS.toSpliced(RESULT_COLUMNS.indexOf('status'), 0, 'currency');
/** A spreadsheet takes a cell that begins like this for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** Lists of payees that a client pays from one account: checked first, paid once they are executed. */
@Injectable()
export class BulkPaymentsService {
  constructor(
    private readonly settings: DfspApiSettings,
    private readonly customers: CustomersService,
    private readonly bulks: BulkPaymentsRepository,
    private readonly worker: BulkWorker,
    private readonly keeper: QuoteKeeper,
  ) {}

  /**
   * Stores a list and begins to check it. The same list with the same id is the same bulk payment; its rows that could
   * not be checked or paid are tried again.
   * @throws ContractError 400 IncorrectAmountTypeError; 404 ClientNotFound, NotFoundError (account); 422
   * AlreadyExistsError
   */
  async createBulkPayment(order: BulkOrderDto, rows: readonly ListedRow[]): Promise<BulkPaymentDto> {
    const { sourceIdentifier, sourceAccount } = order;
    const amountType = parseAmountType(order.amountType ?? AmountType.Receive);
    const customer = await this.customers.getCustomer(sourceIdentifier, CustomerErrorId.ClientNotFound);
    const account = await this.customers.ownAccountOf(customer, sourceAccount);
    const id = (order.bulkPaymentId ?? randomUUID()).toLowerCase();
    const fingerprint = await inSlices(fingerprintSteps({ sourceIdentifier, account, amountType, rows }));
    const now = new Date();
    const askUntil = this.deadlineOf(order);
    const kept = await this.bulks.keepFirst(
      {
        id,
        payerIdentifier: sourceIdentifier,
        account,
        amountType,
        status: BulkStatus.Checking,
        fingerprint,
        createdAt: now,
        askUntil,
      },
      await inSlices(mapSteps(rows, (row) => newRow(id, row, now))),
    );
    if (kept.fingerprint !== fingerprint) {
      throw commonError(CommonErrorId.AlreadyExists, { message: 'bulkPaymentId belongs to another list' });
    }
    const isRepeated = kept.createdAt.getTime() !== now.getTime();
    if (isRepeated) return this.resumeUntil(kept.id, askUntil);
    this.worker.runNow();
    return this.bulkPaymentDto(kept);
  }

  /**
   * Tries the rows that could not be checked or paid again, at once and until a new deadline. A list that has moved on
   * without them is checked again, and has to be executed again.
   * @throws ContractError 404; 422 UnprocessableEntityError if it was cancelled
   */
  async resumeBulkPayment(id: string): Promise<BulkPaymentDto> {
    const bulk = await this.getBulkPayment(id);
    if (bulk.status === BulkStatus.Cancelled) throw notIn('The list was cancelled');
    return this.resumeUntil(bulk.id, this.deadlineOf({}));
  }

  /** @throws ContractError 404 NotFoundError */
  async readBulkPayment(id: string): Promise<BulkPaymentDto> {
    return this.bulkPaymentDto(await this.getBulkPayment(id));
  }

  /** Pays every row that was checked. @throws ContractError 404; 422 UnprocessableEntityError while it is not checked */
  async executeBulkPayment(id: string): Promise<BulkPaymentDto> {
    const bulk = await this.getBulkPayment(id);
    if (await this.bulks.beginPaying(bulk.id, this.deadlineOf({}))) {
      this.worker.runNow();
    } else {
      const { status } = await this.getBulkPayment(id);
      const isBegun = status === BulkStatus.Paying || status === BulkStatus.Done;
      if (!isBegun)
        throw notIn(status === BulkStatus.Checking ? 'The list is still being checked' : 'The list was cancelled');
    }
    return this.readBulkPayment(id);
  }

  /** Cancels every row that is not being paid yet. @throws ContractError 404; 422 UnprocessableEntityError when done */
  async cancelBulkPayment(id: string): Promise<BulkPaymentDto> {
    const bulk = await this.getBulkPayment(id);
    if (
      !(await this.bulks.cancelBulkPayment(bulk.id)) &&
      (await this.getBulkPayment(id)).status !== BulkStatus.Cancelled
    ) {
      throw notIn('Every row has been paid');
    }
    this.keeper.runNow();
    return this.readBulkPayment(id);
  }

  /** @throws ContractError 404 NotFoundError */
  async listRows(id: string, { status, after = '0', limit = String(PAGE) }: BulkRowsQueryDto): Promise<BulkRowDto[]> {
    const bulk = await this.getBulkPayment(id);
    const rows = await this.bulks.findRows(bulk.id, { status, after: Number(after), limit: Number(limit) });
    return rows.map((row) => this.bulkRowDto(row));
  }

  /** The list with the result of each row, as CSV. @throws ContractError 404 NotFoundError */
  async resultFile(id: string): Promise<string> {
    const bulk = await this.getBulkPayment(id);
    const pages = await this.allRows(bulk.id);
    const hasCurrency = pages.flat().some(({ currency }) => currency !== undefined);
    const columns = hasCurrency ? RESULT_COLUMNS_WITH_CURRENCY : RESULT_COLUMNS;
    const texts = await inSlices(mapSteps([[], ...pages], (rows, index) => csvOf(rows, columns, index === 0)));
    return texts.join('');
  }

  /** Reads page by page, so that other requests are served in between. */
  private async allRows(bulkId: string): Promise<BulkRowDto[][]> {
    const pages: BulkRowDto[][] = [];
    for (let after = 0; ;) {
      const rows = await this.bulks.findRows(bulkId, { after, limit: RESULT_PAGE });
      if (rows.length === 0) return pages;
      pages.push(rows.map((row) => this.bulkRowDto(row)));
      after = rows.at(-1)!.line;
    }
  }

  private async resumeUntil(id: string, askUntil: Date): Promise<BulkPaymentDto> {
    await this.bulks.resumeBulkPayment(id, askUntil, new Date());
    this.worker.runNow();
    return this.readBulkPayment(id);
  }

  /** Until when rows are tried. @throws ContractError 422 UnprocessableEntityError */
  private deadlineOf({ deadline }: Pick<BulkOrderDto, 'deadline'>): Date {
    const until = deadline === undefined ? Date.now() + this.settings.bulkDeadlineS * 1_000 : Date.parse(deadline);
    if (until <= Date.now()) throw notIn('deadline must be in the future');
    return new Date(until);
  }

  private async getBulkPayment(id: string): Promise<BulkPayment> {
    const bulk = isContractUuid(id) ? await this.bulks.findBulkPayment(id.toLowerCase()) : null;
    if (!bulk) throw commonError(CommonErrorId.NotFound, { message: 'Unknown bulk payment' });
    return bulk;
  }

  private async bulkPaymentDto({
    id,
    status,
    payerIdentifier,
    account,
    createdAt,
    askUntil,
  }: BulkPayment): Promise<BulkPaymentDto> {
    const sums = await this.bulks.sumRows(id);
    const print = (amount: bigint): string => formatShortest(amount, this.settings.scale);
    return {
      bulkPaymentId: id,
      status,
      sourceIdentifier: payerIdentifier,
      sourceAccount: account,
      currency: this.settings.currency,
      rows: sums.reduce((total, { rows }) => total + rows, 0),
      progress: Object.fromEntries(
        sums.map(({ status: of, rows, amount, fee }) => [
          of,
          { rows, amount: print(amount), fee: print(fee), total: print(amount + fee) },
        ]),
      ),
      createdAt: createdAt.toISOString(),
      deadline: askUntil.toISOString(),
    };
  }

  private bulkRowDto(row: BulkRow): BulkRowDto {
    const { line, identifier, amount, currency, status, name, sourceAmount, fee, receiveAmount, paymentId } = row;
    const { scale } = this.settings;
    return {
      line,
      identifier,
      amount,
      ...(currency === null ? {} : { currency }),
      status,
      ...(name === null ? {} : { name }),
      ...(sourceAmount === null
        ? {}
        : { fee: formatShortest(fee, scale), total: formatShortest(sourceAmount + fee, scale) }),
      ...(receiveAmount === null ? {} : { receiveAmount }),
      paymentId,
      ...(row.errorId === null ? {} : { error: row.errorId }),
      ...(row.message === null ? {} : { message: row.message }),
    };
  }
}

/** Lines of CSV, or the header alone. */
function csvOf(rows: readonly BulkRowDto[], columns: readonly string[], isHeader: boolean): string {
  return stringify([...rows], {
    header: isHeader,
    columns: [...columns],
    cast: { string: (value) => (FORMULA.test(value) ? `'${value}` : value) },
  });
}

function newRow(bulkId: string, { line, identifier, amount, currency, problem }: ListedRow, now: Date): NewBulkRow {
  return {
    bulkId,
    line,
    identifier,
    amount,
    currency: currency ?? null,
    status: problem === null ? RowStatus.Waiting : RowStatus.Refused,
    paymentId: randomUUID(),
    errorId: problem?.id ?? null,
    message: problem?.message ?? null,
    checkAt: now,
  };
}

function notIn(message: string): Error {
  return commonError(CommonErrorId.UnprocessableEntity, { message });
}
