import { caseOf, type ConformanceCase } from '../../cases/conformance-case.js';
import { NotConforming } from '../../cases/not-conforming.js';
import type { PlayedTransfer } from '../../played/played-ledger.js';
import { refusal } from '../../played/play-role.js';
import { until } from '../../played/until.js';
import { type Crossing, routeOf, type SourceChanges, type TwoLedgers, type Way } from './two-ledgers.js';

const PREPARE = 'contract/setup.md#s2.5';
const EXECUTE = 'contract/setup.md#s2.6';
const REJECT = 'contract/setup.md#s2.7';
const JUDGED = 'contract/setup.md#amounts';
const WAYS: readonly Way[] = ['out', 'in'];
const NAMES = { out: 'a payment to another DFSP', in: 'a payment from another DFSP' } as const;
const REJECTION = {
  code: 'F99',
  name: 'Application Error',
  message: 'Invoice is not in pending status',
  additional_info: { id: 'InvoiceNotPendingError' },
};

/** What an ILP connector does with transfers between its DFSP's ledger and the central one. */
export function crossingCases(ledgers: TwoLedgers): ConformanceCase[] {
  return WAYS.flatMap((way) => [
    ...forwardCases(ledgers, way),
    ...backwardCases(ledgers, way),
    ...refusedCases(ledgers, way),
    ...lostCases(ledgers, way),
  ]);
}

function makeCase(way: Way) {
  return (name: string, page: string, run: () => Promise<void>): ConformanceCase =>
    caseOf(routeOf(way), `${NAMES[way]}: ${name}`, page, run);
}

function forwardCases(ledgers: TwoLedgers, way: Way): ConformanceCase[] {
  const one = makeCase(way);
  const what = NAMES[way];
  return [
    one('the next transfer has the same amount, condition and packet, and the right accounts', PREPARE, async () => {
      const crossing = await ledgers.begin(way);
      mustBeNext(ledgers, crossing, await ledgers.untilForwarded(crossing, what));
    }),
    one('the next transfer ends before the one that pays for it', PREPARE, async () => {
      const crossing = await ledgers.begin(way);
      const next = await ledgers.untilForwarded(crossing, what);
      const before = timeOf(crossing.source.transfers.get(crossing.paymentId)!) - timeOf(next);
      if (before >= 1_000 && before <= 10_000) return;
      throw new NotConforming(
        `${routeOf(way)}: the next transfer ends ${before} ms before its source; must end a second earlier, so that the connector can still claim the source`,
      );
    }),
    one('the same frame again makes no other transfer', 'contract/cases.md#n51', async () => {
      const crossing = await ledgers.begin(way);
      await ledgers.untilForwarded(crossing, what);
      crossing.source.sendAgain(crossing.paymentId, 'transfer.create');
      await ledgers.untilForwarded(await ledgers.begin(way), `${what} after a repeated frame`);
      const contents = new Set(crossing.next.sentTo(crossing.paymentId, '').map(({ body }) => JSON.stringify(body)));
      if (contents.size !== 1)
        throw new NotConforming(
          `${routeOf(way)}: a repeated frame made ${contents.size} different transfers; must be one`,
        );
    }),
  ];
}

function timeOf({ expires_at: expiresAt = '' }: PlayedTransfer): number {
  return new Date(expiresAt).getTime();
}

/** @throws NotConforming unless the next transfer is what the source pays for */
function mustBeNext(
  ledgers: TwoLedgers,
  { way, next, paymentId, condition, packet }: Crossing,
  transfer: PlayedTransfer,
): void {
  const { dfsp } = ledgers.context;
  const accounts = { out: [dfsp, 'other'], in: [ledgers.connector, 'bob'] }[way].map((name) => next.accountUri(name));
  const [debit, credit] = [transfer.debits[0], transfer.credits[0]];
  const seen: Record<string, [is: unknown, must: unknown]> = {
    'the debited account': [debit?.account, accounts[0]],
    'the credited account': [credit?.account, accounts[1]],
    'the debited amount': [debit?.amount, '10.40'],
    'the credited amount': [credit?.amount, '10.40'],
    'authorized of the debit': [debit?.authorized, true],
    'the condition': [transfer.execution_condition, condition],
    'the ILP packet': [credit?.memo?.['ilp'], packet],
    'source_transfer_id in the memo of the debit': [debit?.memo?.['source_transfer_id'], paymentId],
  };
  for (const [name, [is, must]] of Object.entries(seen)) {
    if (is === must) continue;
    throw new NotConforming(
      `${routeOf(way)}: ${name} of the next transfer is ${JSON.stringify(is)}; must be ${JSON.stringify(must)}`,
    );
  }
}

function backwardCases(ledgers: TwoLedgers, way: Way): ConformanceCase[] {
  const one = makeCase(way);
  const what = NAMES[way];
  return [
    one(
      'the source is fulfilled after the next transfer was executed, with the same fulfillment',
      EXECUTE,
      async () => {
        const crossing = await ledgers.begin(way);
        await ledgers.untilForwarded(crossing, what);
        // Another payment comes and goes meanwhile: time in which an eager connector would claim its money.
        await ledgers.untilForwarded(await ledgers.begin(way), what);
        mustBeOpen(crossing, `${what} whose next transfer is only prepared`);
        crossing.next.end(crossing.paymentId, 'executed', {}, crossing.fulfillment);
        const told = await ledgers.untilEnded(crossing, 'fulfillment', `${what} whose next transfer was executed`);
        if (told === crossing.fulfillment) return;
        throw new NotConforming(
          `${routeOf(way)}: the source was fulfilled with ${String(told)}; must be ${crossing.fulfillment}, as the next ledger told`,
        );
      },
    ),
    one('the source is rejected after the next transfer was rejected, with the same reason', REJECT, async () => {
      const crossing = await ledgers.begin(way);
      const next = await ledgers.untilForwarded(crossing, what);
      const credits = [{ ...next.credits[0]!, rejected: true, rejection_message: REJECTION }];
      crossing.next.end(crossing.paymentId, 'rejected', { credits, rejection_reason: REJECTION.message });
      const told = await ledgers.untilEnded(crossing, 'rejection', `${what} whose next transfer was rejected`);
      if (told?.message === REJECTION.message && told?.code === REJECTION.code) return;
      throw new NotConforming(
        `${routeOf(way)}: the source was rejected with ${JSON.stringify(told)}; must carry the code and the message of the next transfer's rejection`,
      );
    }),
    one('a source whose next transfer has expired is not fulfilled', 'contract/cases.md#n48', async () => {
      const crossing = await ledgers.begin(way);
      await ledgers.untilForwarded(crossing, what);
      crossing.next.end(crossing.paymentId, 'rejected', { rejection_reason: 'expired' });
      const after = await ledgers.begin(way);
      await ledgers.untilForwarded(after, `${what} after one that expired`);
      after.next.end(after.paymentId, 'executed', {}, after.fulfillment);
      await ledgers.untilEnded(after, 'fulfillment', `${what} after one that expired`);
      if (crossing.source.sentTo(crossing.paymentId, '/fulfillment').length > 0)
        throw new NotConforming(`${routeOf(way)}: ${what} whose next transfer expired was fulfilled; must not be`);
    }),
  ];
}

function mustBeOpen({ source, paymentId, way }: Crossing, what: string): void {
  for (const [path, done] of [
    ['/fulfillment', 'fulfilled'],
    ['/rejection', 'rejected'],
  ] as const) {
    if (source.sentTo(paymentId, path).length > 0)
      throw new NotConforming(`${routeOf(way)}: ${what} was ${done}; must be left alone until then`);
  }
}

interface Unfit {
  what: string;
  code: string;
  changes: SourceChanges;
}

/** Sources that a connector does not carry on, with the code of their rejection. */
function unfitOn(way: Way, dfsp: string): readonly Unfit[] {
  const nowhere = way === 'out' ? 'levelone.nowhere.bob.token' : `levelone.${dfsp}.nobody.token`;
  return [
    { what: 'with less than its packet says', code: 'F03', changes: { amount: '10.39' } },
    { what: 'with a packet that cannot be read', code: 'F01', changes: { packet: 'bm9uZQ' } },
    { what: 'to an address without a route', code: 'F02', changes: { address: nowhere } },
    { what: 'with too little time left for the next ledger', code: 'R02', changes: { livesMs: 900 } },
    { what: 'that would hold money for an hour', code: 'F00', changes: { livesMs: 3_600_000 } },
  ];
}

function refusedCases(ledgers: TwoLedgers, way: Way): ConformanceCase[] {
  const one = makeCase(way);
  const what = NAMES[way];
  const unfit = unfitOn(way, ledgers.context.dfsp).map(({ what: which, code, changes }) =>
    one(`one ${which} is rejected with ${code}, and not carried on`, JUDGED, async () => {
      const crossing = await ledgers.begin(way, changes);
      const told = await ledgers.untilEnded(crossing, 'rejection', `${what} ${which}`);
      if (crossing.next.transfers.has(crossing.paymentId))
        throw new NotConforming(`${routeOf(way)}: ${what} ${which} was carried on; must not be`);
      if (told?.code === code) return;
      throw new NotConforming(
        `${routeOf(way)}: ${what} ${which} was rejected with ${JSON.stringify(told)}; must be rejected with the code ${code}`,
      );
    }),
  );
  return [
    ...unfit,
    one('one without an ILP packet is left alone', JUDGED, async () => {
      const crossing = await ledgers.begin(way, { packet: null });
      await ledgers.untilForwarded(await ledgers.begin(way), `${what} after one without a packet`);
      mustBeOpen(crossing, `${what} without an ILP packet`);
    }),
    one('one that the next ledger refuses is rejected with its reason', 'contract/cases.md#n47', async () => {
      const ledger = way === 'out' ? ledgers.central : ledgers.own;
      const poor = () => refusal(422, 'InsufficientFundsError', 'Sender has insufficient funds.');
      const told = await ledger.instead(ledger.route('PUT /transfers/{id}'), poor, async () => {
        const crossing = await ledgers.begin(way);
        return ledgers.untilEnded(crossing, 'rejection', `${what} that the next ledger refuses`);
      });
      if (String(told?.message).includes('Sender has insufficient funds.')) return;
      throw new NotConforming(
        `${routeOf(way)}: ${what} that the next ledger refuses was rejected with ${JSON.stringify(told)}; must carry the ledger's message`,
      );
    }),
  ];
}

function lostCases(ledgers: TwoLedgers, way: Way): ConformanceCase[] {
  const one = makeCase(way);
  const what = NAMES[way];
  const busy = () => refusal(503, 'ServiceUnavailableError', 'Try again shortly');
  return [
    one('a next ledger that fails for a moment is asked again', 'contract/cases.md#n52', async () => {
      const ledger = way === 'out' ? ledgers.central : ledgers.own;
      const crossing = await ledger.instead(ledger.route('PUT /transfers/{id}'), busy, async () => {
        const begun = await ledgers.begin(way);
        await until(
          () => ledger.sentTo(begun.paymentId, '')[0],
          ledgers.context,
          `${routeOf(way)}: ${what} was not carried on to the ${ledger.role}; must be`,
        );
        return begun;
      });
      await ledgers.untilForwarded(crossing, `${what} whose next ledger failed at first`);
    }),
    one('a ledger that fails for a moment is sent the fulfillment again', 'contract/cases.md#n52', async () => {
      const crossing = await ledgers.begin(way);
      await ledgers.untilForwarded(crossing, what);
      const { source, next, paymentId, fulfillment } = crossing;
      await source.instead(source.route('PUT /transfers/{id}/fulfillment'), busy, async () => {
        next.end(paymentId, 'executed', {}, fulfillment);
        await ledgers.untilEnded(crossing, 'fulfillment', `${what} whose next transfer was executed`);
      });
      await until(
        () => source.transfers.get(paymentId)?.state === 'executed',
        ledgers.context,
        `${routeOf(way)}: the ${source.role} failed when it was sent a fulfillment, and was not sent it again; the connector's money is lost`,
      );
    }),
    one('what happened while the websockets were broken is made up for', 'contract/cases.md#n53', async () => {
      await ledgers.untilSubscribed();
      ledgers.own.breakWebsocket();
      ledgers.central.breakWebsocket();
      const crossing = ledgers.beginUnheard(way);
      await ledgers.untilForwarded(crossing, `${what} that was prepared while the websockets were broken`);
      ledgers.own.breakWebsocket();
      ledgers.central.breakWebsocket();
      crossing.next.end(crossing.paymentId, 'executed', {}, crossing.fulfillment);
      const ended = `${what} whose next transfer was executed while the websockets were broken`;
      await ledgers.untilEnded(crossing, 'fulfillment', ended);
    }),
  ];
}
