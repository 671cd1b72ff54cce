import { conditionOf, decodePacket, encodePacket, joinAddress, packetFromText, packetToText } from '@level-one/ilp';
import type { FakePeerAnswer, FakePeerCall } from '@level-one/testing/peers';
import { randomBytes, randomUUID } from 'node:crypto';
import { caseOf, type ConformanceCase } from '../../cases/conformance-case.js';
import { NotConforming } from '../../cases/not-conforming.js';
import { refusal } from '../../played/play-role.js';
import { until } from '../../played/until.js';
import { KNOWN } from '../spsp-backend/played-dfsp-api.js';
import { INCOMING, IncomingPayments, type Issued, type TransferChanges } from './incoming-payments.js';
import { NEWS, type PlayedPayee, QUOTED_NEWS } from './played-payee.js';

const JUDGED = 'contract/setup.md#amounts';
const APPROVAL = 'contract/setup.md#row-34';
const EXECUTE = 'contract/setup.md#s2.6';
const REJECT = 'contract/setup.md#r1';
const WHOSE = 'contract/setup.md#ruling-21';

const incomingCase = caseOf.bind(undefined, INCOMING);

/** What an SPSP server does with transfers that are prepared at its ledger. */
export function incomingCases(payee: PlayedPayee): ConformanceCase[] {
  const payments = new IncomingPayments(payee);
  return [
    ...takenCases(payments),
    ...refusedCases(payments),
    ...foreignCases(payments),
    ...repeatedCases(payments),
    ...quotedCases(payments),
  ];
}

function takenCases(payments: IncomingPayments): ConformanceCase[] {
  const { payee } = payments;
  return [
    incomingCase('the DFSP is asked first, then the transfer is fulfilled', APPROVAL, async () => {
      const issued = await payments.setUp();
      const what = 'a transfer that is exactly what was set up';
      const stateWhenAsked = watchNews(payee, issued.paymentId);
      await payments.prepare(issued);
      await payments.untilFulfilled(issued, what);
      const [first] = payments.news(issued.paymentId);
      if (first?.body.status !== 'prepared') {
        throw new NotConforming(
          `${INCOMING}: ${what} was fulfilled before the DFSP was asked; must ask it with status prepared, and fulfil when it is answered 200`,
        );
      }
      const [, state] = stateWhenAsked()[0] ?? [];
      if (state === 'prepared') return;
      throw new NotConforming(`${INCOMING}: ${what} was fulfilled before the DFSP had answered; must wait for its 200`);
    }),
    incomingCase(
      'what fulfils the transfer belongs to the condition, and is accepted by the ledger',
      EXECUTE,
      async () => {
        const issued = await payments.setUp();
        await payments.prepare(issued);
        const { body } = await payments.untilFulfilled(issued, 'a transfer that is exactly what was set up');
        await until(
          () => payee.ledger.transfers.get(issued.paymentId)?.state === 'executed',
          payee.context,
          `${INCOMING}: a transfer was fulfilled with ${String(body)}, which does not belong to its condition; must be what the condition was made of`,
        );
      },
    ),
    incomingCase('the DFSP is told the payment to a number with its terms', APPROVAL, async () => {
      const issued = await payments.setUp();
      await payments.prepare(issued);
      const { body, route } = await payments.untilTold(issued, 'prepared', 'a payment');
      mustSay(body, { transferId: issued.paymentId, paymentid: issued.paymentId, destinationAmount: '10.40' });
      mustSay(body, { senderIdentifier: KNOWN.otherNumber, memo: 'Lunch' });
      if (route.includes(`/receivers/${KNOWN.number}/payments/`)) return;
      throw new NotConforming(`${INCOMING}: the DFSP was told by ${route}; must be …/receivers/{number}/payments/{id}`);
    }),
    incomingCase('the DFSP is told the payment of an invoice at the invoice', APPROVAL, async () => {
      const receiver = payee.urlOf(`/v1/invoices/${KNOWN.invoiceId}`);
      const issued = await payments.setUp({ receiver, amount: undefined });
      await payments.prepare(issued);
      const { body, route } = await payments.untilTold(issued, 'prepared', 'the payment of an invoice');
      mustSay(body, { invoiceId: KNOWN.invoiceId, destinationAmount: '10.40' });
      if (route.includes(`/invoices/${KNOWN.invoiceId}/payments/`)) return;
      throw new NotConforming(`${INCOMING}: the DFSP was told by ${route}; must be …/invoices/{id}/payments/{id}`);
    }),
    incomingCase('the DFSP is told that the payment is executed, after the ledger says so', EXECUTE, async () => {
      const issued = await payments.setUp();
      await payments.prepare(issued);
      await payments.untilTold(issued, 'executed', 'a payment whose transfer was executed');
      const state = payee.ledger.transfers.get(issued.paymentId)?.state;
      if (state !== 'executed')
        throw new NotConforming(`${INCOMING}: the DFSP was told executed of a transfer that is ${state}`);
    }),
    ...(['rejected', 'expired'] as const).map((outcome) =>
      incomingCase(`the DFSP is told that a payment is ${outcome}`, 'contract/setup.md#s2.7', async () => {
        const issued = await payments.setUp();
        const silent = () => new Promise<never>(() => undefined);
        await payee.backend.instead(NEWS[1], silent, async () => {
          await payments.prepare(issued);
          await payments.untilTold(issued, 'prepared', 'a payment');
        });
        payee.ledger.end(issued.paymentId, 'rejected', { rejection_reason: outcome === 'expired' ? outcome : 'no' });
        await payments.untilTold(issued, outcome, `a payment whose transfer the ledger calls ${outcome}`);
      }),
    ),
  ];
}

/** Notes the state of the transfer at each news of it. */
function watchNews(payee: PlayedPayee, paymentId: string): () => (readonly [status: string, state: string])[] {
  const seen: (readonly [string, string])[] = [];
  for (const route of NEWS) {
    payee.backend.serve(route, async ({ body }) => {
      if (body?.paymentid !== paymentId) return { json: {} };
      // Time in which a system that does not wait for the answer would fulfil.
      if (body.status === 'prepared') await new Promise((resolve) => setTimeout(resolve, 100));
      seen.push([body.status, payee.ledger.transfers.get(paymentId)?.state ?? '']);
      return { json: {} };
    });
  }
  return () => seen;
}

function mustSay(body: Record<string, unknown>, terms: Record<string, string>): void {
  for (const [name, value] of Object.entries(terms)) {
    if (body[name] === value) continue;
    throw new NotConforming(
      `${INCOMING}: the DFSP was told ${name} ${JSON.stringify(body[name])} of a payment; must be ${JSON.stringify(value)}`,
    );
  }
}

interface Forgery {
  what: string;
  code: string;
  change: (issued: Issued) => TransferChanges;
}

/** Transfers that are not what was issued, with the code of their rejection. */
const FORGERIES: readonly Forgery[] = [
  { what: 'a transfer of less than was set up', code: 'F03', change: () => ({ amount: '10.39' }) },
  { what: 'a transfer of more than was set up', code: 'F03', change: () => ({ amount: '10.41' }) },
  {
    what: 'a transfer with another condition',
    code: 'F05',
    change: () => ({ condition: conditionOf(randomBytes(32)) }),
  },
  { what: 'a transfer with another packet', code: 'F01', change: (issued) => ({ packet: otherPacket(issued) }) },
];

/** A packet for the same address and amount, with other data. */
function otherPacket({ packet }: Issued): string {
  const content = decodePacket(packetFromText(packet));
  return packetToText(encodePacket({ ...content, data: Buffer.from('changed') }));
}

function refusedCases(payments: IncomingPayments): ConformanceCase[] {
  const { payee } = payments;
  const forgeries = FORGERIES.map(({ what, code, change }) =>
    incomingCase(`${what} is rejected with ${code}, and the DFSP is not asked`, JUDGED, async () => {
      const issued = await payments.setUp();
      await payments.prepare(issued, change(issued));
      mustHaveCode(await payments.untilRejected(issued, what), code, what);
      if (payments.news(issued.paymentId).some(({ body }) => body.status === 'prepared'))
        throw new NotConforming(`${INCOMING}: the DFSP was asked to take ${what}; must not be asked`);
    }),
  );
  return [
    ...forgeries,
    incomingCase('what the DFSP refuses is rejected with its reason, and not fulfilled', REJECT, async () => {
      const issued = await payments.setUp();
      const no = () => refusal(422, 'InvoiceNotPendingError', 'Invoice is not in pending status');
      const what = 'a transfer that the DFSP refuses';
      const rejection = await payee.backend.instead(NEWS[1], no, async () => {
        await payments.prepare(issued);
        return payments.untilRejected(issued, what);
      });
      mustHaveCode(rejection, 'F99', what);
      const { message, additional_info: info } = rejection;
      if (message !== 'Invoice is not in pending status' || info?.id !== 'InvoiceNotPendingError') {
        throw new NotConforming(
          `${INCOMING}: ${what} was rejected with ${JSON.stringify(rejection)}; must carry the DFSP's message, and its id in additional_info`,
        );
      }
      if (payee.ledger.sentTo(issued.paymentId, '/fulfillment').length > 0)
        throw new NotConforming(`${INCOMING}: ${what} was fulfilled as well; must be rejected only`);
    }),
    incomingCase('a transfer that has expired already is left to the ledger', JUDGED, async () => {
      const [late, good] = [await payments.setUp(), await payments.setUp()];
      await payments.prepare(late, { livesMs: -1_000 });
      await payments.prepare(good);
      await payments.untilFulfilled(good, 'a transfer after one that has expired');
      mustBeLeftAlone(payee, late, 'a transfer that has expired already');
    }),
  ];
}

function mustHaveCode({ code, ...rest }: Record<string, any>, wanted: string, what: string): void {
  if (code === wanted) return;
  throw new NotConforming(
    `${INCOMING}: ${what} was rejected with the code ${code} (${rest['message']}); must be rejected with ${wanted}`,
  );
}

function mustBeLeftAlone({ ledger }: PlayedPayee, { paymentId }: Issued, what: string): void {
  for (const [path, done] of [
    ['/fulfillment', 'fulfilled'],
    ['/rejection', 'rejected'],
  ] as const) {
    if (ledger.sentTo(paymentId, path).length > 0)
      throw new NotConforming(`${INCOMING}: ${what} was ${done}; must be left alone`);
  }
}

/** A packet that the system has not issued. */
function foreignIssue(prefix: string, account: string): Issued {
  const address = joinAddress(prefix, account, randomBytes(20).toString('base64url'));
  const packet = packetToText(encodePacket({ amount: 1_040n, address, data: Buffer.alloc(0) }));
  return { paymentId: randomUUID(), condition: conditionOf(randomBytes(32)), packet };
}

function foreignCases(payments: IncomingPayments): ConformanceCase[] {
  const { payee } = payments;
  const prefix = `levelone.${payee.context.dfsp}.`;
  return [
    incomingCase(
      'a packet that was not issued here is rejected with F06 where nobody else could execute it',
      WHOSE,
      async () => {
        const issued = foreignIssue(prefix, 'bob');
        const what = 'a transfer whose packet was not issued here, to an account without direct use,';
        await payments.prepare(issued);
        mustHaveCode(await payments.untilRejected(issued, what), 'F06', what);
      },
    ),
    incomingCase(
      'a packet that was not issued here is left alone where the account has direct use',
      WHOSE,
      async () => {
        const [foreign, good] = [foreignIssue(prefix, 'trader'), await payments.setUp()];
        await payments.prepare(foreign, { account: 'trader' });
        await payments.prepare(good);
        await payments.untilFulfilled(good, 'a transfer after one of others');
        mustBeLeftAlone(payee, foreign, 'a transfer whose packet was not issued here, to an account with direct use,');
      },
    ),
  ];
}

function repeatedCases(payments: IncomingPayments): ConformanceCase[] {
  const { payee } = payments;
  const busy = () => refusal(503, 'ServiceUnavailableError', 'Try again shortly');
  return [
    incomingCase('the same frame again changes nothing', 'contract/cases.md#n51', async () => {
      const issued = await payments.setUp();
      await payments.prepare(issued);
      await payments.untilTold(issued, 'executed', 'a payment');
      payee.ledger.sendAgain(issued.paymentId, 'transfer.update');
      const next = await payments.setUp();
      await payments.prepare(next);
      await payments.untilTold(next, 'executed', 'the payment after a repeated frame');
      if (payee.ledger.sentTo(issued.paymentId, '/rejection').length > 0)
        throw new NotConforming(`${INCOMING}: a repeated frame led to a rejection; must change nothing`);
    }),
    incomingCase('a DFSP that fails for a while is asked again', APPROVAL, async () => {
      const issued = await payments.setUp();
      const what = 'a transfer whose DFSP could not be asked at first';
      await payee.backend.instead(NEWS[1], busy, async () => {
        await payments.prepare(issued);
        await payments.untilTold(issued, 'prepared', 'a payment');
      });
      await payments.untilFulfilled(issued, what);
    }),
    incomingCase('a ledger that fails for a while is sent the fulfillment again', EXECUTE, async () => {
      const issued = await payments.setUp();
      await payee.ledger.instead(payee.ledger.route('PUT /transfers/{id}/fulfillment'), busy, async () => {
        await payments.prepare(issued);
        await payments.untilFulfilled(issued, 'a transfer');
      });
      await payments.untilTold(issued, 'executed', 'a payment whose ledger failed at first');
    }),
    incomingCase('a DFSP that does not take the news of the end is told again', EXECUTE, async () => {
      const issued = await payments.setUp();
      // From before the payment begins: its end may be told at once.
      const busyAtTheEnd = ({ body }: FakePeerCall) => (body?.status === 'executed' ? busy() : undefined);
      await payee.backend.instead(NEWS[1], busyAtTheEnd, async () => {
        await payments.prepare(issued);
        await payments.untilFulfilled(issued, 'a transfer');
        await payments.untilTold(issued, 'executed', 'a payment');
      });
      await until(
        () => payments.news(issued.paymentId).some(({ body, answer }) => body.status === 'executed' && isGood(answer)),
        payee.context,
        `${INCOMING}: the DFSP answered 503 to the news that a payment is executed, and was not told again; must be told until it answers 200`,
      );
    }),
    incomingCase('what happened while the websocket was broken is made up for', 'contract/cases.md#n53', async () => {
      const issued = await payments.setUp();
      await payee.ledger.untilSubscribed();
      payee.ledger.breakWebsocket();
      // The transfer is prepared while the system is not connected.
      payments.prepareUnheard(issued);
      await payments.untilFulfilled(issued, 'a transfer that was prepared while the websocket was broken');
    }),
  ];
}

function isGood(answer: FakePeerAnswer | undefined): boolean {
  return answer !== undefined && (answer.status ?? 200) < 300;
}

function quotedCases(payments: IncomingPayments): ConformanceCase[] {
  const { payee } = payments;
  const quoted = 'contract/errors.md#s6.2';
  return [
    incomingCase(
      'a quoted payment is asked at the scheme adapter, and fulfilled',
      'contract/quotes.md#row-48',
      async () => {
        const issued = await payments.quoted();
        await payments.prepare(issued);
        const { route, body } = await payments.untilTold(issued, 'prepared', 'a quoted payment');
        if (!route.includes('/scheme-adapter/'))
          throw new NotConforming(
            `${INCOMING}: the DFSP was asked of a quoted payment by ${route}; must be ${QUOTED_NEWS}`,
          );
        mustSay(body, { paymentId: issued.paymentId, destinationAmount: '10.40', transferId: issued.paymentId });
        await payments.untilFulfilled(issued, 'a quoted payment that the DFSP takes');
        await payments.untilTold(issued, 'executed', 'a quoted payment');
      },
    ),
    incomingCase('a quoted payment that the DFSP refuses is rejected with the code of its reason', quoted, async () => {
      for (const [id, status, code] of [
        ['QuoteNotFoundError', 404, 'F06'],
        ['QuoteExpiredError', 422, 'R00'],
        ['QuoteUsedError', 422, 'F06'],
      ] as const) {
        const issued = await payments.quoted();
        const what = `a quoted payment that the DFSP refuses with ${id}`;
        const rejection = await payee.schemeAdapter.instead(
          QUOTED_NEWS,
          () => refusal(status, id, 'No'),
          async () => {
            await payments.prepare(issued);
            return payments.untilRejected(issued, what);
          },
        );
        mustHaveCode(rejection, code, what);
      }
    }),
  ];
}
