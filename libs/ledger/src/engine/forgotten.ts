import type { DataSource } from 'typeorm';
import { deleteForgottenCharges } from './waiting-charges.js';

const BATCH_SIZE = 1_000;

/** Removes the memos of rejected proposals after one day, when no repeated request is expected any more. */
const STRIP_PROPOSALS = `
  UPDATE transfers SET debit_memo = NULL, credit_memo = NULL, additional_info = NULL
  WHERE id IN (
    SELECT id FROM transfers
    WHERE state = 'rejected' AND NOT authorized AND rejected_at < ledger_now() - interval '1 day'
      AND (debit_memo IS NOT NULL OR credit_memo IS NOT NULL OR additional_info IS NOT NULL)
    ORDER BY rejected_at LIMIT ${BATCH_SIZE}
  )`;

/** A JSON document with NUL cannot be read member by member, so it is replaced whole. */
const EMPTY_MESSAGES = String.raw`
  UPDATE events SET message = CASE
    WHEN message::text LIKE '%\\u0000%' THEN json_build_object('from', '', 'to', '', 'data', '{}'::json)
    ELSE json_build_object('from', message -> 'from', 'to', message -> 'to', 'data', '{}'::json)
  END
  WHERE sequence IN (
    SELECT sequence FROM events
    WHERE message IS NOT NULL AND sequence > $1 AND sequence <= $2 AND message::text NOT LIKE '%"data" : {}}'
    ORDER BY sequence LIMIT ${BATCH_SIZE}
  )`;

/**
 * Empties the data of messages, which are sent to subscribers and not kept. Each sweep empties the messages that the
 * sweep before has seen. The events and their numbers stay.
 */
export class MessageRetention {
  private emptiedTo = '0';
  private seenTo: string | undefined;

  async emptyMessages(dataSource: DataSource): Promise<void> {
    const [head]: { last_sequence: string }[] = await dataSource.query('SELECT last_sequence FROM ledger_head');
    const upTo = this.seenTo;
    this.seenTo = head?.last_sequence ?? '0';
    if (upTo === undefined || upTo === this.emptiedTo) return;
    while ((await countOf(dataSource, EMPTY_MESSAGES, [this.emptiedTo, upTo])) === BATCH_SIZE);
    this.emptiedTo = upTo;
  }
}

/** Deletes charges whose transfer never came, memos of rejected proposals, and data of messages. */
export async function deleteForgotten(dataSource: DataSource, messages: MessageRetention): Promise<void> {
  await deleteForgottenCharges(dataSource);
  await messages.emptyMessages(dataSource);
  while ((await countOf(dataSource, STRIP_PROPOSALS)) === BATCH_SIZE);
}

async function countOf(dataSource: DataSource, sql: string, parameters: unknown[] = []): Promise<number> {
  const [, count]: [unknown, number] = await dataSource.query(sql, parameters);
  return count;
}
