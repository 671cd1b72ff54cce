import { Injectable } from '@nestjs/common';
import { findAmount, formatAmount } from '@level-one/money';
import { CommonErrorId, commonError, uuidRange } from '@level-one/platform';
import { QuoteSide } from '@level-one/quote';
import { DataSource } from 'typeorm';
import { DfspApiSettings } from '../dfsp-api.settings.js';
import { OwnAccounts } from '../ledger/own-accounts.js';
import { PaymentErrorId, paymentError } from '../ledger/payment-errors.js';
import { OutgoingPaymentsRepository } from '../payer/payments/outgoing-payments.repository.js';
import { errorOfRejection } from '../payer/payments/rejection.js';
import { microsSql, timeOfSql } from '@level-one/work';
import { type Page, readCursor, RecordLists } from './record-lists.js';
import { PaymentState, type PaymentsQueryDto } from './record-queries.dto.js';
import type { PaymentDetailsDto, PaymentReasonDto, PaymentRecordDto, PaymentTransferDto } from './records.dto.js';

type Step = NonNullable<PaymentRecordDto['step']>;

interface SideOfPayment {
  /** In lower case. */
  paymentId: string;
  side: QuoteSide;
}

/** A payment of either side; amounts in minor units. */
interface PaymentRow extends SideOfPayment {
  status: Step | Exclude<PaymentState, PaymentState.Pending>;
  amount: string;
  fee: string | null;
  commission: string | null;
  receiveAmount: string | null;
  customer: string;
  account: string;
  counterpart: string | null;
  counterpartName: string | null;
  counterpartAccount: string | null;
  invoiceId: string | null;
  invoiceUrl: string | null;
  notificationId: string | null;
  isQuoted: boolean;
  isSent: boolean;
  /** Whether the other party is a customer of this DFSP, too. */
  isInside: boolean;
  rejection: Record<string, unknown> | null;
  createdAt: Date;
  expiresAt: Date | null;
  endedAt: Date | null;
}

const STEPS: readonly string[] = ['settingUp', 'paying', 'proposed', 'prepared'] satisfies Step[];

/** Columns of one side, in the order of {@link PaymentRow}; `payment` is its table. */
const TIMES = `payment.created_at AS "createdAt", payment.expires_at AS "expiresAt", payment.ended_at AS "endedAt"`;

const DEBIT = `
  SELECT payment.payment_id AS "paymentId", 'debit' AS side, payment.status, payment.amount::text, payment.fee::text,
    payment.commission::text, NULL AS "receiveAmount", payment.payer_identifier AS customer, payment.account,
    payment.payee_identifier AS counterpart,
    COALESCE(payment.payee_name, quote.params ->> 'payeeName') AS "counterpartName",
    COALESCE(payment.payee_account, quote.destination_account) AS "counterpartAccount",
    split_part(payment.invoice_url, '/', -1) AS "invoiceId", payment.invoice_url AS "invoiceUrl",
    payment.notification_id AS "notificationId", payment.is_quoted AS "isQuoted",
    payment.expires_at IS NOT NULL AS "isSent", payment.rejection_message AS rejection, ${TIMES},
    EXISTS (SELECT FROM receiver_payments AS other WHERE other.payment_id = payment.payment_id) AS "isInside"
  FROM outgoing_payments AS payment
  LEFT JOIN quotes AS quote ON quote.payment_id = payment.payment_id AND quote.is_debit`;

const CREDIT = `
  SELECT payment.payment_id AS "paymentId", 'credit' AS side, payment.status, payment.amount::text,
    CASE WHEN payment.is_quoted THEN quote.fee ELSE 0 END::text AS fee,
    CASE WHEN payment.is_quoted THEN quote.commission ELSE 0 END::text AS commission,
    CASE WHEN payment.is_quoted THEN quote.receive_amount END::text AS "receiveAmount",
    payment.identifier AS customer, payment.approval ->> 'destinationAccount' AS account,
    payment.sender_identifier AS counterpart, NULL AS "counterpartName", NULL AS "counterpartAccount",
    payment.invoice_id::text AS "invoiceId", NULL AS "invoiceUrl", NULL::uuid AS "notificationId",
    payment.is_quoted AS "isQuoted", payment.transfer_id IS NOT NULL AS "isSent",
    payment.rejection_message AS rejection, ${TIMES},
    EXISTS (SELECT FROM outgoing_payments AS other WHERE other.payment_id = payment.payment_id) AS "isInside"
  FROM receiver_payments AS payment
  LEFT JOIN quotes AS quote ON quote.payment_id = payment.payment_id AND NOT quote.is_debit`;

/** Whole rows; $1 are the ids of payments that were made, $2 of payments that were got. */
const READ = `${DEBIT} WHERE payment.payment_id = ANY ($1::uuid[])
  UNION ALL ${CREDIT} WHERE payment.payment_id = ANY ($2::uuid[])`;

/** As in the URI that was kept, wherever the adapter was then. */
const CREDITED_ACCOUNT = `split_part(payment.approval ->> 'destinationAccount', '/accounts/', 2)`;

const TABLES: Readonly<Record<QuoteSide, string>> = {
  [QuoteSide.Debit]: 'outgoing_payments',
  [QuoteSide.Credit]: 'receiver_payments',
};

/** Statuses of each state, on both sides. */
const STATUSES: Readonly<Record<PaymentState, readonly string[]>> = {
  [PaymentState.Pending]: STEPS,
  [PaymentState.Executed]: ['executed'],
  [PaymentState.Rejected]: ['rejected'],
  [PaymentState.Expired]: ['expired'],
  [PaymentState.Failed]: ['failed'],
};

/** Payments that this DFSP's customers made and got, as they are kept. */
@Injectable()
export class PaymentRecords {
  constructor(
    private readonly dataSource: DataSource,
    private readonly lists: RecordLists,
    private readonly accounts: OwnAccounts,
    private readonly settings: DfspApiSettings,
    private readonly outgoing: OutgoingPaymentsRepository,
  ) {}

  /** @throws ContractError 404 NotFoundError */
  async readPayment(paymentId: string, side?: QuoteSide): Promise<PaymentDetailsDto> {
    await this.outgoing.settle();
    const rows = await this.readRows(sidesOf(side).map((of) => ({ paymentId, side: of })));
    const [first, second] = rows.map((row) => this.recordOf(row));
    if (!first) throw commonError(CommonErrorId.NotFound, { message: 'Unknown payment' });
    return Object.assign(first, second && { payeeSide: second });
  }

  async listPayments(query: PaymentsQueryDto): Promise<Page<PaymentRecordDto>> {
    await this.outgoing.settle();
    const values: unknown[] = [];
    const limit = Number(query.limit) + 1;
    const sides = sidesOf(query.side).map(
      (side) =>
        `(SELECT payment_id, '${side}' AS side, created_at FROM ${TABLES[side]} AS payment
          ${this.whereOf(side, query, values)} ORDER BY created_at DESC, payment_id DESC LIMIT ${limit})`,
    );
    const found: (SideOfPayment & { micros: string })[] = await this.dataSource.query(
      `SELECT payment_id AS "paymentId", side, ${microsSql('created_at')} AS micros
       FROM (${sides.join(' UNION ALL ')}) AS payment
       ORDER BY created_at DESC, payment_id DESC, side DESC LIMIT ${limit}`,
      values,
    );
    const cursors = found.map(({ micros, paymentId: id, side }) => ({ micros, id, side }));
    const { rows: shown, next } = this.lists.pageOf(found, cursors, { path: 'payments', query });
    return { rows: (await this.readRows(shown)).map((row) => this.recordOf(row)), next };
  }

  /** Whole rows, in the order of the keys; those that are gone are left out. */
  private async readRows(keys: readonly SideOfPayment[]): Promise<PaymentRow[]> {
    const idsOf = (of: QuoteSide): string[] => keys.flatMap(({ paymentId, side }) => (side === of ? paymentId : []));
    const rows: PaymentRow[] = await this.dataSource.query(READ, [idsOf(QuoteSide.Debit), idsOf(QuoteSide.Credit)]);
    return keys.flatMap((key) => rows.find((row) => row.paymentId === key.paymentId && row.side === key.side) ?? []);
  }

  /** The condition of one side; adds its parameters to `values`. */
  private whereOf(side: QuoteSide, query: PaymentsQueryDto, values: unknown[]): string {
    const { state, customer, party, account, invoice, payment, amount, from, to, after } = query;
    const isDebit = side === QuoteSide.Debit;
    const given = (value: unknown): string => `$${values.push(value)}`;
    const conditions: string[] = [];
    if (state !== undefined) {
      // Written out, so that the planner sees which partial index answers it.
      conditions.push(`payment.status IN (${STATUSES[state].map((status) => `'${status}'`).join(', ')})`);
    }
    if (customer !== undefined) {
      conditions.push(`payment.${isDebit ? 'payer_identifier' : 'identifier'} = ${given(customer)}`);
    }
    if (party !== undefined) {
      const [own, other] = isDebit ? ['payer_identifier', 'payee_identifier'] : ['identifier', 'sender_identifier'];
      const number = given(party);
      conditions.push(`(payment.${own} = ${number} OR payment.${other} = ${number})`);
    }
    if (account !== undefined) {
      const name = this.accounts.nameOf(account);
      const names = [name, name.toLowerCase()];
      conditions.push(
        isDebit
          ? `payment.account = ANY (${given(names)})`
          : `${CREDITED_ACCOUNT} = ANY (${given(names.map((one) => encodeURIComponent(one)))})`,
      );
    }
    if (payment !== undefined) conditions.push(...idConditions('payment.payment_id', payment, given));
    if (amount !== undefined) {
      const minor = findAmount(amount, { scale: this.settings.scale });
      conditions.push(minor === undefined ? 'false' : `payment.amount = ${given(String(minor))}::bigint`);
    }
    if (invoice !== undefined) conditions.push(...invoiceConditions(isDebit, invoice, given));
    if (from !== undefined) conditions.push(`payment.created_at >= ${given(new Date(from))}`);
    if (to !== undefined) conditions.push(`payment.created_at < ${given(new Date(to))}`);
    if (after !== undefined) {
      const cursor = readCursor(after, 'uuid');
      // On the payee's side the payer's side of the same payment may be the last entry.
      const isBefore = !isDebit && cursor.side === QuoteSide.Debit ? '<=' : '<';
      const [time, id] = [timeOfSql(given(cursor.micros)), `${given(cursor.id)}::uuid`];
      conditions.push(`(payment.created_at, payment.payment_id) ${isBefore} (${time}, ${id})`);
    }
    return conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  }

  private recordOf(row: PaymentRow): PaymentRecordDto {
    const { paymentId, side, status, customer, counterpart, counterpartName, counterpartAccount } = row;
    const money = (minor: string): string => formatAmount(BigInt(minor), this.settings.scale);
    const isOpen = STEPS.includes(status);
    const reason = reasonOf(row);
    return {
      paymentId,
      side,
      state: isOpen ? PaymentState.Pending : (status as PaymentState),
      ...(isOpen && { step: status as Step }),
      amount: money(row.amount),
      ...(row.fee !== null && { fee: money(row.fee) }),
      ...(row.commission !== null && { commission: money(row.commission) }),
      ...(row.receiveAmount !== null && { receiveAmount: money(row.receiveAmount) }),
      currency: this.settings.currency,
      customer: { identifier: customer, account: this.accounts.keptName(row.account) },
      counterpart: {
        ...(counterpart !== null && { identifier: counterpart }),
        ...(counterpartName !== null && { name: counterpartName }),
        ...(counterpartAccount !== null && { account: counterpartAccount }),
      },
      ...(row.invoiceId !== null && { invoice: invoiceOf(row, row.invoiceId) }),
      isQuoted: row.isQuoted,
      createdAt: row.createdAt.toISOString(),
      ...(row.expiresAt !== null && { expiresAt: row.expiresAt.toISOString() }),
      ...(row.endedAt !== null && { endedAt: row.endedAt.toISOString() }),
      ...(reason && { reason: { id: reason.id, message: reason.message } }),
      transfers: this.transfersOf(row),
    };
  }

  private transfersOf({ paymentId: id, isSent, isInside }: PaymentRow): PaymentTransferDto[] {
    if (!isSent) return [];
    const uri = `${this.settings.ledgerAdapterUrl.replace(/\/+$/, '')}/transfers/${id}`;
    const own = { ledger: 'own', id, uri } as const;
    return isInside ? [own] : [own, { ledger: 'central', id }, { ledger: 'other', id }];
  }
}

function idConditions(column: string, beginning: string, given: (value: unknown) => string): string[] {
  const range = uuidRange(beginning);
  return range ? [`${column} BETWEEN ${given(range.first)}::uuid AND ${given(range.last)}::uuid`] : ['false'];
}

function sidesOf(side: QuoteSide | undefined): readonly QuoteSide[] {
  return side === undefined ? [QuoteSide.Debit, QuoteSide.Credit] : [side];
}

const UUID_FORM = /^[a-fA-F0-9]{8}(-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}$/;

/** An id finds an invoice by the end of its URL. */
function invoiceConditions(isDebit: boolean, invoice: string, given: (value: unknown) => string): string[] {
  const id = invoice.split('/').at(-1)!;
  if (!isDebit) return UUID_FORM.test(id) ? [`payment.invoice_id = ${given(id)}::uuid`] : ['false'];
  const ofId = `payment.invoice_url IS NOT NULL AND split_part(payment.invoice_url, '/', -1) = ${given(id)}`;
  return invoice.includes('/') ? [ofId, `payment.invoice_url = ${given(invoice)}`] : [ofId];
}

function invoiceOf({ invoiceUrl, notificationId }: PaymentRow, invoiceId: string): PaymentRecordDto['invoice'] {
  return {
    invoiceId,
    ...(invoiceUrl !== null && { invoiceUrl }),
    ...(notificationId !== null && { invoiceNotificationId: notificationId }),
  };
}

/** Why a payment ended without money; undefined for others. */
function reasonOf({ status, rejection }: PaymentRow): PaymentReasonDto | undefined {
  switch (status) {
    case PaymentState.Rejected:
      return errorOfRejection(rejection);
    case PaymentState.Expired:
      return rejection === null ? paymentError(PaymentErrorId.Expired) : errorOfRejection(rejection);
    case PaymentState.Failed:
      return rejection === null ? NEVER_SENT : errorOfRejection(rejection);
    default:
      return undefined;
  }
}

const NEVER_SENT: PaymentReasonDto = {
  id: CommonErrorId.UnprocessableEntity,
  message: 'The payment was not sent; no money has moved',
};
