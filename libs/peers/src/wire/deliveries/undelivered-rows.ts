import { commonError, CommonErrorId, isContractUuid } from '@level-one/platform';
import {
  pageOf,
  type ResendAllQueryDto,
  type ResentDto,
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
  /** Makes the oldest undeliverable ones wait for an attempt now, and tries them until a new deadline. @returns how many */
  sendAllAgain(limit: number): Promise<number>;
  countUndeliverable(): Promise<number>;
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

/** Answers `POST /v1/undelivered/resend`. */
export async function resendAllUndelivered<Row>(outbox: Outbox<Row>, query: ResendAllQueryDto): Promise<ResentDto> {
  const resent = await outbox.sendAllAgain(pageOf(query).limit);
  return { resent, undeliverable: await outbox.countUndeliverable() };
}
