import { Injectable } from '@nestjs/common';
import { CommonErrorId, commonError } from '@level-one/platform';
import { QuoteSide } from '@level-one/quote';
import { UUID } from '@level-one/transfer';
import pLimit from 'p-limit';
import { DataSource } from 'typeorm';
import { OwnAccounts } from '../ledger/own-accounts.js';
import { OwnTransfers } from '../ledger/own-transfers.js';
import { ADVICE, FindingKind } from './findings.js';
import { type ComparedPayment, paymentFinding, READ_PAYMENTS } from './payment-checks.js';
import {
  type FindingDto,
  ReconciledPart,
  type ReconciliationDto,
  type ReconciliationQueryDto,
} from './reconciliation.dto.js';
import { type CheckedRow, RECORD_CHECKS, type RecordPart } from './record-checks.js';

/** Transfers that are read from the ledger at a time. */
const READS_AT_ONCE = 8;

/** Forms of `after`, by part. */
const CURSORS: Readonly<Record<ReconciledPart, RegExp>> = {
  [ReconciledPart.Outgoing]: UUID,
  [ReconciledPart.Incoming]: UUID,
  [ReconciledPart.Invoices]: UUID,
  [ReconciledPart.Notifications]: UUID,
  [ReconciledPart.Quotes]: /^\d{1,18}$/,
  [ReconciledPart.Limits]: /^[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12} (debit|credit)$/i,
  [ReconciledPart.Counters]: /./u,
};

type Page = Pick<ReconciliationQueryDto, 'limit' | 'after' | 'from'>;

/** Compares what a DFSP keeps with its own ledger and with itself. It reads only, a page at a time. */
@Injectable()
export class ReconciliationService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transfers: OwnTransfers,
    private readonly accounts: OwnAccounts,
  ) {}

  /** @throws ContractError 400 for an `after` of another part, 503 if the own ledger cannot be read */
  async comparePage(part: ReconciledPart, page: Page): Promise<ReconciliationDto> {
    if (page.after !== undefined && !CURSORS[part].test(page.after)) {
      throw commonError(CommonErrorId.InvalidUriParameter, { message: 'after must be from the page before' });
    }
    switch (part) {
      case ReconciledPart.Outgoing:
        return this.comparePayments(QuoteSide.Debit, page);
      case ReconciledPart.Incoming:
        return this.comparePayments(QuoteSide.Credit, page);
      default:
        return this.compareRecords(part, page);
    }
  }

  private async comparePayments(side: QuoteSide, page: Page): Promise<ReconciliationDto> {
    const rows: Omit<ComparedPayment, 'side'>[] = await this.dataSource.query(READ_PAYMENTS[side], valuesOf(page));
    const limit = pLimit(READS_AT_ONCE);
    const found = await Promise.all(rows.map((row) => limit(() => this.comparePayment({ ...row, side }))));
    return answerOf(
      found.flatMap((finding) => finding ?? []),
      page,
      rows.length,
      rows.at(-1)?.paymentId,
    );
  }

  private async comparePayment(payment: ComparedPayment): Promise<FindingDto | undefined> {
    const transfer = await this.transfers.findTransfer(payment.transferId);
    const kind = paymentFinding(payment, transfer, (account) => this.accounts.keptName(account));
    if (!kind) return undefined;
    const { paymentId, side, status, invoiceId, ageS } = payment;
    const subject = `${side === QuoteSide.Debit ? 'payment made' : 'payment got'}${invoiceId ? ` for invoice ${invoiceId}` : ''}`;
    const found = `payment ${status}, transfer on the own ledger ${transfer?.state ?? 'unknown'}`;
    return { kind, paymentId, subject, found, ageS, ...ADVICE[kind] };
  }

  private async compareRecords(part: RecordPart, page: Page): Promise<ReconciliationDto> {
    const rows: CheckedRow[] = await this.dataSource.query(RECORD_CHECKS[part], valuesOf(page));
    const found = rows.flatMap(({ kind, paymentId, subject, found: told, ageS }) =>
      kind ? { kind, ...(paymentId && { paymentId }), subject, found: told, ageS, ...ADVICE[kind] } : [],
    );
    return answerOf(found, page, rows.length, rows.at(-1)?.key);
  }
}

function valuesOf({ after, limit, from }: Page): unknown[] {
  return [after ?? null, Number(limit), from === undefined ? null : new Date(from)];
}

function answerOf(found: FindingDto[], { limit }: Page, compared: number, last: string | undefined): ReconciliationDto {
  const isOpen = ({ kind }: FindingDto): boolean => kind === FindingKind.PaymentUnderWay;
  return {
    compared,
    differences: found.filter((finding) => !isOpen(finding)),
    open: found.filter(isOpen),
    after: compared < Number(limit) ? null : (last ?? null),
  };
}
