import { Injectable } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import type { WireTransfer } from '@level-one/peers';
import { stateTimes, type TimelineEntry, Timelines, type TimelineSource } from '@level-one/work';
import { CentralLedgerClient, OwnLedgerClient } from '../ledgers/ledger-clients.js';

/** What a connector itself keeps of a payment: what it could not claim in time, and what it still has to end. */
export const ILP_CONNECTOR_TIMELINE: readonly TimelineSource[] = [
  {
    of: 'late-source',
    rows: 'SELECT * FROM late_sources WHERE transfer_id = $1',
    id: 'row.transfer_id',
    times: [
      {
        at: 'row.expires_at',
        kind: `'sweep'`,
        what: `'The transfer at the ' || row.ledger || ' ledger is past its expiry; the connector still has to end it'`,
        state: `'late'`,
        detail: `'its ledger ends it at ' || to_char(row.open_until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
      },
    ],
  },
  {
    of: 'claim',
    rows: 'SELECT * FROM lost_claims WHERE transfer_id = $1',
    id: 'row.transfer_id',
    times: stateTimes({
      state: 'state',
      since: 'lost_at',
      ended: 'ended_at',
      words: {
        lost: 'The connector has paid, and could not fulfil the transfer to it in time; it files a claim',
        waiting: 'The claim is filed; administrators of the ledger decide',
        approved: 'The claim is approved',
        booked: 'The claim is paid',
        refused: 'The claim is refused for good: the connector has lost the money',
      },
      detail: `row.amount || ' at the ' || row.ledger || ' ledger'`,
      endDetail: 'row.reason',
      attempt: { kind: 'retry', what: 'The claim is tried again' },
    }),
  },
];

type AccountLedger = OwnLedgerClient | CentralLedgerClient;
type Moment = keyof NonNullable<WireTransfer['timeline']>;

const WORDS: Readonly<Record<string, string>> = {
  proposed: 'was proposed',
  prepared: 'was prepared',
  executed: 'was executed',
  rejected: 'was rejected',
};

/**
 * A connector keeps no transfers: both ledgers do. They are read there as the connector sees them, with their times by the
 * clock of each ledger.
 */
@Injectable()
export class ForwardedTransfers {
  constructor(timelines: Timelines, own: OwnLedgerClient, central: CentralLedgerClient) {
    for (const [name, ledger] of [
      ['own', own],
      ['central', central],
    ] as const) {
      timelines.addReader({
        of: `the transfer at the ${name} ledger`,
        readEntries: (paymentId) => readTransfer(name, ledger, paymentId),
      });
    }
  }
}

async function readTransfer(name: string, ledger: AccountLedger, id: string): Promise<TimelineEntry[]> {
  const transfer = await findTransfer(ledger, id);
  if (!transfer) return [];
  return Object.entries(WORDS).flatMap(([state, happened]) => {
    const at = transfer.timeline?.[`${state}_at` as Moment];
    return !at ? [] : [entryOf(new Date(at), `The transfer at the ${name} ledger ${happened}`, state, id)];
  });
}

async function findTransfer(ledger: AccountLedger, id: string): Promise<WireTransfer | undefined> {
  try {
    return await ledger.transfer(id);
  } catch (error) {
    if (error instanceof ContractError && error.status === 404) return undefined;
    throw error;
  }
}

function entryOf(at: Date, what: string, state: string, id: string): TimelineEntry {
  return { at, kind: 'state', of: 'transfer', what, state, id, detail: null };
}
