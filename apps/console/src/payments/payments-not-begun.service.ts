import { Injectable } from '@nestjs/common';
import { CommonErrorId, commonError, type UuidRange, uuidRange } from '@level-one/platform';
import { type NetworkRole, NetworkService } from '../network/network.service.js';
import { RoleHttp } from '../network/role-http.js';
import { errorIdIn, type RefusedRequest, RefusedRequestsService } from '../traces/refused-requests.service.js';
import { type ListPage, partOf, type PlaceInList } from './payment-lists.js';
import { type SearchedField, searchOfQuery } from './payment-views.js';
import type { AskedPaymentDto, ListPaymentsQueryDto, PaymentPriceDto, ShownPaymentDto } from './payments.dto.js';

/** State of a payment that its payer's DFSP refused before it began. No DFSP has it. */
export const NOT_BEGUN = 'notBegun';
/** Its list stands beside those of the DFSP APIs under this name, which no DFSP can have. */
export const NOT_BEGUN_LIST = '*';

/** A payment that was perhaps not begun, in a list. */
export interface RefusedEntry {
  createdAt: string;
  request: RefusedRequest;
}

/** Payments that were refused before they began, as the console's spans have them. */
@Injectable()
export class PaymentsNotBegunService {
  constructor(
    private readonly refused: RefusedRequestsService,
    private readonly http: RoleHttp,
    private readonly network: NetworkService,
  ) {}

  /** Whether a list that is filtered so can have some: the account that was to pay is not kept. */
  isListed(query: ListPaymentsQueryDto): boolean {
    return (query.state === undefined || query.state === NOT_BEGUN) && searchOfQuery(query)?.field !== 'account';
  }

  /** A page of refused payments, also of those that had begun before they were refused. */
  async readPage(query: ListPaymentsQueryDto, limit: number, place: PlaceInList): Promise<ListPage<RefusedEntry>> {
    const { after, skip } = place;
    const { dfsp, from, to } = query;
    const filters = { ids: idsOf(searchOfQuery(query)), dfsp, from, to, after };
    const { rows, next } = partOf(await this.refused.listRefused(filters, skip + limit + 1), { limit, place });
    const entries = rows.map((request) => ({ createdAt: request.at.toISOString(), request }));
    return { dfsp: NOT_BEGUN_LIST, from: place, entries, next };
  }

  /**
   * Undefined if its DFSP has it: then it had begun, and the list of the DFSP tells of it; or if it is not what is looked
   * for. Who was to pay whom is in the price, as long as the DFSP keeps it.
   * @throws ContractError 502 ExternalError if the DFSP cannot be asked
   */
  async findNotBegun(
    api: NetworkRole,
    { request }: RefusedEntry,
    search?: SearchedField,
  ): Promise<ShownPaymentDto | undefined> {
    const found = await this.http.find(api, `/payments/${request.paymentId}`);
    if (found !== undefined) return undefined;
    const asked = await this.askedIn(api, request.paymentId).catch((error: unknown) => {
      // It is a part of what is shown, and of what is looked for.
      if (search) throw error;
      return undefined;
    });
    return isWanted(asked, search) ? shown(request, asked) : undefined;
  }

  /**
   * Who asked for a price to pay whom how much, as long as the payer's DFSP keeps the price.
   * @throws ContractError 404 NotFoundError if no DFSP has it; 502 ExternalError if one that may have it cannot be read
   */
  async priceOf(paymentId: string): Promise<PaymentPriceDto> {
    const read = await Promise.allSettled(
      this.network.rolesOfKind('dfsp-api').map(async (api) => {
        const asked = await this.askedIn(api, paymentId);
        return asked && { dfsp: api.dfsp!, asked };
      }),
    );
    const found = read.find((one) => one.status === 'fulfilled' && one.value);
    if (found?.status === 'fulfilled' && found.value) return found.value;
    const failed = read.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
    throw commonError(CommonErrorId.NotFound, { message: 'No DFSP of the network has a price of this payment' });
  }

  private async askedIn(api: NetworkRole, paymentId: string): Promise<AskedPaymentDto | undefined> {
    const path = `/quotes?payment=${paymentId}&side=debit&limit=1`;
    const { quotes } = await this.http.read<{ quotes: QuoteJson[] }>(api, path);
    const [quote] = quotes;
    if (!quote) return undefined;
    const { payer, payee, amount } = quote;
    const own = this.network.rolesOfKind('scheme-adapter').find(({ url }) => url === payee.url)?.dfsp ?? null;
    return { payer: payer.identifier, payee: payee.identifier, payeeDfsp: own, ...amount };
  }
}

/** A price, as far as it says who was to pay whom. */
interface QuoteJson {
  payer: { identifier: string };
  payee: { identifier: string; url?: string };
  amount: { amount: string; currency: string };
}

function idsOf(search: SearchedField | undefined): UuidRange | undefined {
  return search?.field === 'payment' || search?.field === 'invoice' ? uuidRange(search.value) : undefined;
}

/** Ids were looked for where the requests are kept. */
function isWanted(asked: AskedPaymentDto | undefined, search: SearchedField | undefined): boolean {
  switch (search?.field) {
    case 'party':
      return asked?.payer === search.value || asked?.payee === search.value;
    case 'amount':
      return Number(asked?.amount) === Number(search.value);
    case 'invoice':
      return idsOf(search) !== undefined;
    default:
      return true;
  }
}

function shown(
  { paymentId, at, dfsp, status, responseBody }: RefusedRequest,
  asked: AskedPaymentDto | undefined,
): ShownPaymentDto {
  const refusal = { dfsp, status, id: errorIdIn(responseBody), ...(asked && { asked }) };
  return { paymentId, state: NOT_BEGUN, createdAt: at.toISOString(), views: [], refusal };
}
