import { Injectable } from '@nestjs/common';
import { ERROR_FACTS, isErrorId } from '@level-one/errors';
import { isContractUuid } from '@level-one/platform';
import { type NetworkRole, NetworkService } from '../network/network.service.js';
import { RoleHttp } from '../network/role-http.js';
import {
  type ListPage,
  mergePages,
  partOf,
  type PlaceInList,
  placesIn,
  placesText,
  readApiList,
} from '../payments/payment-lists.js';
import { searchOf } from '../payments/payment-views.js';
import type { MissingPartDto } from '../payments/payments.dto.js';
import { noteMissing } from '../payments/payments.service.js';
import { errorIdIn, errorTypeIn, RefusedRequestsService } from '../traces/refused-requests.service.js';
import type { RefusalDto, RefusalsPageDto, RefusalsQueryDto, ShownRowDto } from './refusals.dto.js';

/** The list of requests stands beside those of the DFSP APIs under this name, which no DFSP can have. */
const REQUESTS = '*';

type RowJson = ShownRowDto & { error?: string; message?: string; createdAt: string };

interface RowsJson {
  rows: RowJson[];
  next: string | null;
}

/** What DFSPs refused before there was a payment: rows of lists, from the DFSP APIs, and requests, from kept spans. */
@Injectable()
export class RefusalsService {
  constructor(
    private readonly network: NetworkService,
    private readonly http: RoleHttp,
    private readonly requests: RefusedRequestsService,
  ) {}

  async listRefusals(query: RefusalsQueryDto): Promise<RefusalsPageDto> {
    const limit = Number(query.limit);
    const missing: MissingPartDto[] = [];
    const places = query.after === undefined ? undefined : placesIn(query.after);
    const placeOf = (name: string): PlaceInList | undefined => (places ? places[name] : { skip: 0 });
    const apis = this.network
      .rolesOfKind('dfsp-api')
      .filter(({ dfsp }) => query.dfsp === undefined || dfsp === query.dfsp);
    const requestsFrom = query.text === undefined ? placeOf(REQUESTS) : undefined;
    const pages = await Promise.all([
      requestsFrom && this.readRequests(query, limit, requestsFrom),
      ...apis.map(async (api) => {
        const from = placeOf(api.dfsp!);
        return (
          from && (await this.readRows(api, query, limit, from).catch((error) => noteMissing(missing, api, error)))
        );
      }),
    ]);
    const merged = mergePages(
      pages.flatMap((page) => page ?? []),
      limit,
    );
    return { refusals: merged.entries.map(({ entry }) => entry), next: placesText(merged.places), missing };
  }

  private async readRows(
    api: NetworkRole,
    { text, from, to }: RefusalsQueryDto,
    limit: number,
    place: PlaceInList,
  ): Promise<ListPage<RefusalDto>> {
    const value = text === undefined ? undefined : searchOf(text).value;
    const found = value !== undefined && { [isContractUuid(value) ? 'bulkPayment' : 'number']: value };
    const part = { limit, place };
    const source = { http: this.http, api };
    const { answer, next } = await readApiList<RowsJson>(source, '/refusedRows', { from, to, ...found }, part);
    const entries = answer.rows.slice(place.skip).map((row) => refusalOfRow(api.dfsp!, row));
    return { dfsp: api.dfsp!, from: place, entries, next };
  }

  private async readRequests(
    { dfsp, from, to }: RefusalsQueryDto,
    limit: number,
    place: PlaceInList,
  ): Promise<ListPage<RefusalDto>> {
    const read = await this.requests.listUnnamed({ dfsp, from, to, after: place.after }, place.skip + limit + 1);
    const { rows, next } = partOf(read, { limit, place });
    const entries = rows.map(({ at, path, status, responseBody, failed, dfsp: by }): RefusalDto => {
      const type = errorTypeIn(responseBody);
      const of = { path, status, ...(type !== null && { type }), ...(failed && { failed }) };
      return { createdAt: at.toISOString(), dfsp: by, ...of, ...factsOf(errorIdIn(responseBody)) };
    });
    return { dfsp: REQUESTS, from: place, entries, next };
  }
}

function refusalOfRow(dfsp: string, { error, message, createdAt, ...row }: RowJson): RefusalDto {
  return { createdAt, dfsp, row, ...(message !== undefined && { message }), ...factsOf(error ?? null) };
}

function factsOf(id: string | null): Pick<RefusalDto, 'id' | 'fault' | 'means' | 'advice'> {
  if (id === null || !isErrorId(id)) return { id, fault: null, means: null, advice: null };
  const { fault, means, advice } = ERROR_FACTS[id];
  return { id, fault, means, advice };
}
