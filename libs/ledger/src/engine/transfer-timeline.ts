import { sqlAmount, sqlWords, type TimelineSource } from '@level-one/work';

/** Events of each account of a transfer that are searched for it. Its final one is found by an index. */
const EVENTS_SEARCHED = 5_000;

const TRANSFER = 'SELECT * FROM transfers WHERE id = $1';

/** Events of the transfer: the final one by its index, earlier ones among the last of both accounts before that. */
const EVENTS = `
  SELECT found.sequence, found.id, found.state,
    CASE found.state
      WHEN 'proposed' THEN transfer.proposed_at
      WHEN 'prepared' THEN transfer.prepared_at
      ELSE coalesce(transfer.executed_at, transfer.rejected_at)
    END AS happened_at
  FROM transfers AS transfer
  LEFT JOIN events AS final ON final.transfer_id = transfer.id AND final.state IN ('executed', 'rejected')
  CROSS JOIN LATERAL (
    SELECT final.sequence, final.id, final.state WHERE final.sequence IS NOT NULL
    UNION
    SELECT sequence, id, state FROM (
      (SELECT * FROM events WHERE from_account = transfer.debit_account
         AND sequence < coalesce(final.sequence, 9223372036854775807) ORDER BY sequence DESC LIMIT ${EVENTS_SEARCHED})
      UNION ALL
      (SELECT * FROM events WHERE to_account = transfer.credit_account
         AND sequence < coalesce(final.sequence, 9223372036854775807) ORDER BY sequence DESC LIMIT ${EVENTS_SEARCHED})
    ) AS earlier WHERE transfer_id = transfer.id AND state IN ('proposed', 'prepared')
  ) AS found
  WHERE transfer.id = $1`;

/** What a ledger keeps of a payment: the payment's id is that of its transfer. */
export function timelineOfLedger({ currency, scale }: { currency: string; scale: number }): TimelineSource[] {
  const money = (minor: string): string => `${sqlAmount(minor, scale)} || ' ${currency}'`;
  const parties = `row.debit_account || ' pays ' || row.credit_account || ' ' || ${money('row.amount')}`;
  const expiry = `', until ' || to_char(row.expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  const ended = 'coalesce(row.executed_at, row.rejected_at)';
  const isExpired = `row.rejection_reason = 'expired' AND row.rejection_message IS NULL`;
  return [
    {
      of: 'charge',
      rows: 'SELECT * FROM charges WHERE transfer_id = $1 ORDER BY position',
      id: 'row.transfer_id',
      times: [
        {
          at: 'row.put_at',
          what: `'A ' || row.kind || ' was handed in, which is booked with the transfer'`,
          detail: `row.debit_account || ' pays ' || row.credit_account || ' ' || ${money('row.amount')}`,
        },
      ],
    },
    {
      of: 'transfer',
      rows: TRANSFER,
      id: 'row.id',
      times: [
        {
          at: `CASE WHEN row.proposed_at IS DISTINCT FROM coalesce(row.prepared_at, row.executed_at) THEN row.proposed_at END`,
          what: `'The transfer was proposed; no money is held'`,
          state: `'proposed'`,
          detail: parties,
        },
        {
          at: 'row.prepared_at',
          what: `'The transfer was prepared; its money is held'`,
          state: `'prepared'`,
          detail: `${parties} || coalesce(${expiry}, '')`,
        },
        {
          at: `CASE WHEN row.prepared_at IS NOT NULL AND row.open_until > row.expires_at
            AND coalesce(${ended}, ledger_now()) > row.expires_at THEN row.expires_at END`,
          what: `'The transfer is past its expiry; its creditor may still end it in its grace'`,
          state: `'prepared'`,
          detail: `'the grace ends at ' || to_char(row.open_until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
        },
        {
          at: 'row.executed_at',
          what: `'The transfer was executed; the money has moved'`,
          state: `'executed'`,
          detail: parties,
        },
        {
          at: 'row.rejected_at',
          kind: `CASE WHEN ${isExpired} THEN 'sweep' ELSE 'state' END`,
          what: `CASE WHEN ${isExpired} THEN 'The transfer was ended because its time is over; what was held is free'
            WHEN row.fulfillment IS NOT NULL THEN 'The transfer was cancelled; what was held is free'
            ELSE 'The transfer was rejected; what was held is free' END`,
          state: `'rejected'`,
          detail: 'row.rejection_reason',
        },
      ],
    },
    {
      of: 'hold',
      rows: `SELECT holds.*, transfers.prepared_at FROM holds JOIN transfers ON transfers.id = holds.transfer_id
        WHERE holds.transfer_id = $1`,
      id: 'row.transfer_id',
      times: [
        {
          at: 'row.prepared_at',
          what: `'Money is held on an account'`,
          state: `'held'`,
          detail: `row.account || ' ' || ${money('row.amount')}`,
        },
      ],
    },
    {
      of: 'event',
      rows: EVENTS,
      id: 'row.id',
      times: [
        {
          at: 'row.happened_at',
          kind: `'ledgerEvent'`,
          what: `'Event ' || row.sequence || ' tells subscribers of the state of the transfer'`,
          state: 'row.state',
        },
      ],
    },
    {
      of: 'void',
      rows: 'SELECT * FROM voided_transfers WHERE id = $1',
      id: 'row.id',
      times: [
        {
          at: 'row.voided_at',
          what: `'The id was made void: no transfer can have it any more'`,
          state: `'void'`,
          detail: `CASE WHEN row.debit_account <> '' THEN 'for debits of ' || row.debit_account END`,
        },
      ],
    },
    {
      of: 'claim',
      rows: 'SELECT * FROM claims WHERE transfer_id = $1',
      id: 'row.transfer_id',
      times: [
        {
          at: 'row.claimed_at',
          what: `'The creditor claims the money of the transfer, which it could not fulfil in time'`,
          state: `'claimed'`,
          detail: `row.creditor || ' claims ' || ${money('row.amount')}`,
        },
        {
          at: 'row.approved_at',
          what: sqlWords('row.is_automatic::text', {
            true: 'The claim was approved by itself: the ledger was down when it was due',
            false: 'The claim was approved by administrators',
          }),
          state: `'approved'`,
          detail: `array_to_string(row.approved_by, ', ')`,
        },
        {
          at: 'row.booked_at',
          what: `'The claim was paid'`,
          state: `'booked'`,
          detail: `'from ' || row.account || ' by transfer ' || row.booking_id`,
        },
        { at: 'row.refused_at', what: `'The claim was refused'`, state: `'refused'`, detail: 'row.refusal' },
      ],
    },
  ];
}
