import { commonError, CommonErrorId, isContractUuid } from '@level-one/platform';
import {
  pageOf,
  type UndeliveredDto,
  undeliveredPage,
  type UndeliveredPageDto,
  type UndeliveredQueryDto,
} from './undelivered.dto.js';

/** Where a role keeps what it has to deliver. Ids are UUIDs in lower case. */
export interface Outbox<Row> {
  /** What was tried in vain, the oldest first. */
  findFailing(page: { after: string | undefined; limit: number }): Promise<Row[]>;
  /** Tries it at once, and then until a new deadline. False if nothing undelivered has this id. */
  sendAgain(id: string): Promise<boolean>;
  find(id: string): Promise<Row | null>;
  toJson(row: Row): UndeliveredDto;
}

/** Answers `GET /v1/undelivered`. */
export async function listUndelivered<Row>(
  outbox: Outbox<Row>,
  query: UndeliveredQueryDto,
): Promise<UndeliveredPageDto> {
  const { limit, after } = pageOf(query);
  const failing = await outbox.findFailing({ after, limit: limit + 1 });
  return undeliveredPage(
    failing.map((row) => outbox.toJson(row)),
    limit,
  );
}

/** Answers `POST /v1/undelivered/{id}/resend`. @throws ContractError 404 NotFoundError */
export async function resendUndelivered<Row>(outbox: Outbox<Row>, id: string): Promise<UndeliveredDto> {
  const isSent = isContractUuid(id) && (await outbox.sendAgain(id.toLowerCase()));
  const row = isSent ? await outbox.find(id.toLowerCase()) : null;
  if (!row) throw commonError(CommonErrorId.NotFound, { message: 'Nothing undelivered has this id' });
  return outbox.toJson(row);
}
