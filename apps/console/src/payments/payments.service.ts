import { Injectable } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import { CommonErrorId, commonError, isContractUuid } from '@level-one/platform';
import pLimit from 'p-limit';
import { type NetworkRole, NetworkService } from '../network/network.service.js';
import { RoleHttp } from '../network/role-http.js';
import {
  type ListPage,
  mergePages,
  type PartOfList,
  type PlaceInList,
  type Places,
  placesIn,
  placesText,
  readApiList,
} from './payment-lists.js';
import { type FoundView, isPlaceOf, paymentOf, readRecord, type RecordJson, searchOfQuery } from './payment-views.js';
import { NOT_BEGUN, NOT_BEGUN_LIST, PaymentsNotBegunService, type RefusedEntry } from './payments-not-begun.service.js';
import type {
  ListPaymentsQueryDto,
  MissingPartDto,
  ReceiptDto,
  ShownPaymentDetailsDto,
  ShownPaymentDto,
  ShownPaymentsPageDto,
} from './payments.dto.js';

interface TransferJson {
  id: string;
  state: string;
  debits?: { account: string; amount: string }[];
  credits?: { account: string; amount: string }[];
  execution_condition?: string;
  expires_at?: string;
  timeline?: { executed_at?: string };
}

/** Payments of a page of which further views are asked for at once. */
const ASKED_AT_ONCE = 10;
/** Most times that the DFSP APIs are read for one page; a page may be shorter than asked for. */
const ROUNDS_MAX = 10;

/** The list that is read for a page. */
interface ListToRead {
  query: ListPaymentsQueryDto;
  /** DFSP APIs that are listed. */
  apis: readonly NetworkRole[];
  missing: MissingPartDto[];
  /** DFSPs whose API finds numbers of its own customers only: it is of an older release, or another system. */
  ownNumbersOnly: Set<string>;
}

interface PaymentsJson {
  payments: RecordJson[];
  next: string | null;
}

/** Payments as the DFSPs of the network see them. */
@Injectable()
export class NetworkPaymentsService {
  constructor(
    private readonly network: NetworkService,
    private readonly http: RoleHttp,
    private readonly notBegun: PaymentsNotBegunService,
  ) {}

  /** Payments of all DFSPs, or of one, the newest first; among them those that were refused before they began. */
  async listPayments(query: ListPaymentsQueryDto): Promise<ShownPaymentsPageDto> {
    const { dfsp, after } = query;
    const search = searchOfQuery(query);
    if (search?.field === 'invoice' && isContractUuid(search.value) && after === undefined) {
      const found = await this.findPayment(search.value.toLowerCase());
      if (found.views.length > 0) {
        const { missing, ...payment } = found;
        return { payments: [payment], next: null, missing };
      }
    }
    const apis = this.network
      .rolesOfKind('dfsp-api')
      .filter((one) => query.state !== NOT_BEGUN && (dfsp === undefined || one.dfsp === dfsp));
    const missing: MissingPartDto[] = [];
    const list: ListToRead = { query, apis, missing, ownNumbersOnly: new Set() };
    const payments: ShownPaymentDto[] = [];
    const limit = Number(query.limit);
    let places = after === undefined ? undefined : placesIn(after);
    // Views that are not the place of their payment leave a page short: it is filled from the next ones.
    for (let round = 0; round < ROUNDS_MAX && payments.length < limit; round++) {
      const read = await this.readViews(list, limit - payments.length, places);
      payments.push(...read.payments);
      places = read.places;
      if (Object.keys(places).length === 0) break;
    }
    return { payments, next: placesText(places ?? {}), missing };
  }

  /** As many of the next views, and the payments whose places they are. */
  private async readViews(
    list: ListToRead,
    limit: number,
    places: Places | undefined,
  ): Promise<{ payments: ShownPaymentDto[]; places: Places }> {
    const { query, apis, missing } = list;
    const placeOf = (name: string): PlaceInList | undefined => (places ? places[name] : { skip: 0 });
    const refusedFrom = this.notBegun.isListed(query) ? placeOf(NOT_BEGUN_LIST) : undefined;
    const [refused, ...pages] = await Promise.all([
      refusedFrom && this.notBegun.readPage(query, limit, refusedFrom),
      ...apis.map(async (api) => {
        const from = placeOf(api.dfsp!);
        return (
          from &&
          (await this.readPage(api, list, { limit, place: from }).catch((error) => noteMissing(missing, api, error)))
        );
      }),
    ]);
    const merged = mergePages<RecordJson | RefusedEntry>(
      [refused, ...pages].flatMap((page) => page ?? []),
      limit,
    );
    const read = pages.flatMap((page) => page?.entries.map((entry) => ({ dfsp: page.dfsp, entry })) ?? []);
    const asks = pLimit(ASKED_AT_ONCE);
    const payments = await Promise.all(
      merged.entries.map(({ dfsp, entry }) =>
        asks(() => ('request' in entry ? this.notBegunAt(entry, list) : this.paymentAt({ dfsp, entry }, list, read))),
      ),
    );
    return { payments: payments.filter((payment) => payment !== undefined), places: merged.places };
  }

  /**
   * The payment whose place a listed view is, with all its views; for those that were not read with it, its DFSPs are
   * asked.
   */
  private async paymentAt(
    view: FoundView,
    { query, missing, ownNumbersOnly }: ListToRead,
    read: readonly FoundView[],
  ): Promise<ShownPaymentDto | undefined> {
    const { paymentId, transfers } = view.entry;
    const views = read.filter(({ entry }) => entry.paymentId === paymentId);
    if (views.length === 1) {
      const isInside = transfers?.length === 1;
      // Also of a DFSP that is not listed: a payment has one state and one reason, whichever side is asked for.
      const others = this.network.rolesOfKind('dfsp-api').filter(({ dfsp }) => isInside === (dfsp === view.dfsp));
      views.push(...(await this.findViews(others, paymentId, missing)));
    }
    return isPlaceOf(view, views, query, ownNumbersOnly) ? paymentOf(views) : undefined;
  }

  private async notBegunAt(entry: RefusedEntry, { query, missing }: ListToRead): Promise<ShownPaymentDto | undefined> {
    const api = this.network.findRole('dfsp-api', entry.request.dfsp);
    const search = searchOfQuery(query);
    return api && this.notBegun.findNotBegun(api, entry, search).catch((error) => noteMissing(missing, api, error));
  }

  private async findViews(
    apis: readonly NetworkRole[],
    paymentId: string,
    missing: MissingPartDto[],
  ): Promise<FoundView[]> {
    const found = await Promise.all(
      apis.map(async (api) => {
        const records = await this.http
          .find<RecordJson>(api, `/payments/${paymentId}`)
          .then((one) => [one, one?.payeeSide].flatMap((side) => (side ? [readRecord(side)] : [])))
          .catch((error) => noteMissing(missing, api, error));
        return records?.map((entry) => ({ dfsp: api.dfsp!, entry })) ?? [];
      }),
    );
    return found.flat();
  }

  /** What every DFSP says of a payment; no views if none knows it. */
  async findPayment(paymentId: string): Promise<ShownPaymentDetailsDto> {
    const missing: MissingPartDto[] = [];
    const payment = paymentOf(await this.findViews(this.network.rolesOfKind('dfsp-api'), paymentId, missing));
    const { state = 'unknown', createdAt = '', views = [] } = payment ?? {};
    return { paymentId, state, createdAt, views, missing };
  }

  /** @throws ContractError 404 NotFoundError if no DFSP knows it; 502 ExternalError if one cannot be read */
  async paymentOf(paymentId: string): Promise<ShownPaymentDetailsDto> {
    const found = await this.findPayment(paymentId);
    if (found.views.length > 0) return found;
    const [gap] = found.missing;
    if (gap) throw commonError(CommonErrorId.External, { message: gap.reason });
    throw commonError(CommonErrorId.NotFound, { message: 'No DFSP of the network knows this payment' });
  }

  /** The receipt of a payment, from the ledger of the payer's DFSP, or of the payee's if that is not known here. */
  async receiptOf(paymentId: string): Promise<ReceiptDto> {
    const { views, state } = await this.paymentOf(paymentId);
    const view = views.find(({ side }) => side === 'debit') ?? views[0]!;
    const record = view.record as RecordJson;
    const own = record.transfers?.find(({ ledger }) => ledger === 'own');
    if (!own) throw commonError(CommonErrorId.NotFound, { message: 'Nothing was sent for this payment' });
    const ledger = this.network.roleOf('dfsp-ledger', view.dfsp);
    const path = `/transfers/${encodeURIComponent(own.id)}`;
    const transfer = await this.http.read<TransferJson>(ledger, path);
    return {
      paymentId,
      state,
      dfsp: view.dfsp,
      amount: view.amount,
      fee: record.fee ?? null,
      currency: view.currency,
      ...partiesOf(record),
      transfer: transfer.id,
      debited: nameOf(transfer.debits),
      credited: nameOf(transfer.credits),
      executedAt: transfer.timeline?.executed_at ?? null,
      expiresAt: transfer.expires_at ?? null,
      condition: transfer.execution_condition ?? null,
      fulfillment: transfer.state === 'executed' ? await this.readFulfillment(ledger, path) : null,
    };
  }

  private async readFulfillment(ledger: NetworkRole, path: string): Promise<string | null> {
    const { status, text, body } = await this.http.call(ledger, { path: `${path}/fulfillment` });
    if (status !== 200) return null;
    return typeof body === 'string' ? body : text;
  }

  private async readPage(
    api: NetworkRole,
    { query, ownNumbersOnly }: ListToRead,
    part: PartOfList,
  ): Promise<ListPage<RecordJson>> {
    const { state, from, to } = query;
    const search = searchOfQuery(query);
    const read = (field: string | undefined) =>
      readApiList<PaymentsJson>(
        { http: this.http, api },
        '/payments',
        { state, from, to, ...(field !== undefined && { [field]: search!.value }) },
        part,
      );
    const { answer, next } = await read(search?.field).catch((error) => {
      if (search?.field !== 'party' || !isUnknownFilter(error)) throw error;
      ownNumbersOnly.add(api.dfsp!);
      return read('customer');
    });
    const { place } = part;
    return { dfsp: api.dfsp!, from: place, entries: answer.payments.slice(place.skip).map(readRecord), next };
  }
}

function isUnknownFilter(error: unknown): boolean {
  return error instanceof ContractError && error.status === 400;
}

/** Notes that a role could not be read, once. */
export function noteMissing(
  missing: MissingPartDto[],
  { dfsp, role }: Pick<NetworkRole, 'dfsp' | 'role'>,
  error: unknown,
): undefined {
  if (missing.some((one) => one.dfsp === dfsp && one.role === role)) return;
  missing.push({ dfsp, role, reason: (error as ContractError).message });
}

/** Payer and payee as the DFSP knows them. */
function partiesOf({ side, customer, counterpart = {} }: RecordJson) {
  const [payer, payee] = side === 'debit' ? [customer, counterpart] : [counterpart, customer];
  return {
    payerNumber: payer.identifier ?? null,
    payerAccount: payer.account ?? null,
    payeeName: payee.name ?? null,
    payeeNumber: payee.identifier ?? null,
    payeeAccount: payee.account ?? null,
  };
}

function nameOf(sides: { account: string }[] | undefined): string | null {
  const uri = sides?.[0]?.account;
  return uri === undefined ? null : decodeURIComponent(uri.split('/').at(-1)!);
}
