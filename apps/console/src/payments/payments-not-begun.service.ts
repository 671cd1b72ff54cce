import { Injectable } from '@nestjs/common';
import { isContractUuid } from '@level-one/platform';
import type { NetworkRole } from '../network/network.service.js';
import { RoleHttp } from '../network/role-http.js';
import { errorIdIn, type RefusedRequest, RefusedRequestsService } from '../traces/refused-requests.service.js';
import type { ListPage, PlaceInList } from './payment-lists.js';
import type { ListPaymentsQueryDto, ShownPaymentDto } from './payments.dto.js';

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
  ) {}

  /** Whether a list that is filtered so can have some: nothing but their ids and times is known of them. */
  isListed({ state, text }: ListPaymentsQueryDto): boolean {
    return (state === undefined || state === NOT_BEGUN) && (text === undefined || isContractUuid(text));
  }

  /** A page of refused payments, also of those that had begun before they were refused. */
  async readPage(
    { text, dfsp, from, to }: ListPaymentsQueryDto,
    limit: number,
    place: PlaceInList,
  ): Promise<ListPage<RefusedEntry>> {
    const { after, skip } = place;
    const filters = { paymentId: text?.toLowerCase(), dfsp, from, to, after };
    const read = await this.refused.listRefused(filters, skip + limit + 1);
    const page = read.slice(skip, skip + limit);
    return {
      dfsp: NOT_BEGUN_LIST,
      from: place,
      entries: page.map((request) => ({ createdAt: request.at.toISOString(), request })),
      next: read.length > skip + limit ? page.at(-1)?.place : undefined,
    };
  }

  /**
   * Undefined if its DFSP has it: then it had begun, and the list of the DFSP tells of it.
   * @throws ContractError 502 ExternalError if the DFSP cannot be asked
   */
  async findNotBegun(api: NetworkRole, { request }: RefusedEntry): Promise<ShownPaymentDto | undefined> {
    const found = await this.http.find(api, `/payments/${request.paymentId}`);
    return found === undefined ? shown(request) : undefined;
  }
}

function shown({ paymentId, at, dfsp, status, responseBody }: RefusedRequest): ShownPaymentDto {
  const refusal = { dfsp, status, id: errorIdIn(responseBody) };
  return { paymentId, state: NOT_BEGUN, createdAt: at.toISOString(), views: [], refusal };
}
