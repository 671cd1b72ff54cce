import type { FakePeerAnswer, FakePeerCall } from '@level-one/testing/peers';
import { randomUUID } from 'node:crypto';
import { PlayedLedger } from '../../played/played-ledger.js';
import { type PlayedPromise, playedPromise } from '../../played/played-promise.js';
import { PlayedRole, refusal } from '../../played/play-role.js';
import type { SuiteContext } from '../../common/role-suite.js';

/** Customers of the DFSP whose API is tested: one pays, the other one sells. */
export const ALICE = { number: '78956562', account: 'alice' } as const;
export const DAVE = { number: '26547071', account: 'dave' } as const;
/** A merchant of another DFSP. */
export const BOB = { number: '26547070' } as const;
export const NOBODY = '99999999';

/** The other DFSP, with its SPSP server and its scheme adapter. */
export const OTHER = {
  shortName: 'other',
  server: 'http://other.example/v1',
  adapter: 'http://other.example:8080/scheme/adapter/v1',
} as const;

export const PROXY = {
  query: 'GET /spsp/client/v1/query',
  notify: 'POST /spsp/client/v1/invoices',
  invoice: 'GET /spsp/client/v1/invoices',
  setup: 'POST /spsp/client/v1/setup',
  pay: 'POST /spsp/client/v1/transfers/{id}',
  payment: 'GET /spsp/client/v1/payments/{id}',
} as const;
export const ADAPTER = {
  quote: 'POST /scheme/adapter/v1/quotes',
  pay: 'POST /scheme/adapter/v1/payments',
} as const;
export const TRANSFER = {
  charges: 'PUT /ledger/transfers/{id}/charges',
  void: 'PUT /ledger/transfers/{id}/void',
} as const;

const LIFE_MS = 55_000;
const MONEY = { currencyCode: 'USD', currencySymbol: '$' };
const IMAGE = 'https://images.example/one.png';

/** All around a DFSP API: directory, SPSP client proxy, scheme adapter and the DFSP's ledger. */
export class PlayedWorld {
  readonly proxy: PlayedRole;
  readonly adapter: PlayedRole;
  readonly ledger: PlayedLedger;
  /** What the payees have promised, by payment id. */
  readonly promises = new Map<string, PlayedPromise>();
  /** Invoices of the other DFSP, by URL. */
  private readonly invoices = new Map<string, Record<string, unknown>>();
  private areKnown = false;

  constructor(readonly context: SuiteContext) {
    const { peers, system } = context;
    this.ledger = new PlayedLedger(context, 'dfsp-ledger');
    for (const name of [ALICE.account, DAVE.account]) {
      this.ledger.openAccount(name, { accountType: 'mw', direct_use: false, balance: '100.00' });
    }
    this.proxy = new PlayedRole(peers, system.contract, 'spsp-client-proxy');
    this.adapter = new PlayedRole(peers, system.contract, 'scheme-adapter');
    this.serveDirectory();
    this.serveProxy();
    this.serveAdapter();
    this.serveLedger();
  }

  /** URL of the DFSP's own SPSP server, as the system is told of it. */
  get ownServer(): string {
    return `${this.context.peersUrl}/spsp-server/v1`;
  }

  /** URI of an account at the DFSP's own ledger adapter, as the system has to write it. */
  accountUri(name: string): string {
    return `${this.context.peersUrl}/ledger-adapter/ilp/ledger/v1/accounts/${name}`;
  }

  /** Tells the system of Alice and Dave, once; a system that has its customers from elsewhere must know them. */
  async makeKnown(): Promise<void> {
    if (this.areKnown) return;
    for (const [{ number, account }, firstName, isMerchant] of [
      [ALICE, 'Alice', false],
      [DAVE, 'Dave', true],
    ] as const) {
      const body = {
        firstName,
        lastName: 'Ames',
        imageUrl: IMAGE,
        isMerchant,
        accounts: [{ name: account, type: 'mWallet' }],
      };
      const request = { as: 'channel', path: { identifier: number }, body };
      const answer = await this.context.system.ask('PUT /v1/customers/{identifier}', 'a customer', request);
      if (![404, 405, 501].includes(answer.status)) answer.mustBe({ status: 200 });
    }
    this.areKnown = true;
  }

  /** An invoice of Bob for Alice at the other DFSP. @returns its URL */
  newInvoice(changes: Record<string, unknown> = {}): string {
    const invoiceId = randomUUID();
    const invoiceUrl = `${OTHER.server}/invoices/${invoiceId}`;
    this.invoices.set(invoiceUrl, {
      type: 'invoice',
      invoiceId,
      account: 'http://other.example:8088/ilp/ledger/v1/accounts/bob',
      name: 'Bob Diaz',
      amount: '10.40',
      status: 'unpaid',
      invoiceType: 'standard',
      merchantIdentifier: BOB.number,
      invoiceInfo: 'Lunch',
      identifier: ALICE.number,
      ...MONEY,
      ...changes,
    });
    return invoiceUrl;
  }

  /** Changes an invoice of the other DFSP. */
  changeInvoice(invoiceUrl: string, changes: Record<string, unknown>): void {
    this.invoices.set(invoiceUrl, { ...this.invoices.get(invoiceUrl), ...changes });
  }

  /** Prepares the payer's transfer at the own ledger, as the SPSP client does. */
  prepareOwn(id: string, amount: string, account: string = ALICE.account): void {
    this.ledger.prepare({
      id,
      debits: [{ account: this.ledger.accountUri(account), amount, authorized: true }],
      credits: [{ account: this.ledger.accountUri('connector'), amount, memo: {} }],
      execution_condition: this.promises.get(id)!.condition,
      expires_at: new Date(Date.now() + LIFE_MS).toISOString(),
    });
  }

  /** Prepares the payee's transfer at the own ledger, as the connector does. */
  prepareIncoming(id: string, amount = '10.40', account: string = DAVE.account): void {
    this.promise(id, amount);
    this.ledger.prepare({
      id,
      debits: [{ account: this.ledger.accountUri('connector'), amount, authorized: true }],
      credits: [{ account: this.ledger.accountUri(account), amount, memo: {} }],
      execution_condition: this.promises.get(id)!.condition,
      expires_at: new Date(Date.now() + LIFE_MS).toISOString(),
    });
  }

  /** Calls to a route of a played role with this payment in path or body. */
  callsOf(role: PlayedRole, route: string, id: string): FakePeerCall[] {
    return role.callsTo(route).filter((call) => JSON.stringify([call.route, call.body, call.query]).includes(id));
  }

  /** Answer of the proxy to a payment that the ledger has executed. */
  payAndExecute({ body }: FakePeerCall, id: string): FakePeerAnswer {
    this.prepareOwn(id, body.sourceAmount);
    const { fulfillment } = this.promises.get(id)!;
    this.ledger.end(id, 'executed', {}, fulfillment);
    return { status: 201, json: { ...paymentOf(body, id), status: 'executed', fulfillment } };
  }

  /** Answer of the proxy to a payment that the payee has rejected. */
  payAndReject({ body }: FakePeerCall, id: string, rejectionMessage: object): FakePeerAnswer {
    this.prepareOwn(id, body.sourceAmount);
    const [credit] = this.ledger.transfers.get(id)!.credits;
    const credits = [{ ...credit!, rejected: true, rejection_message: rejectionMessage }];
    this.ledger.end(id, 'rejected', { credits, rejection_reason: 'no' });
    return { status: 201, json: { ...paymentOf(body, id), status: 'rejected', rejectionMessage } };
  }

  /** Answer of the proxy to a payment that is still under way. */
  payAndWait({ body }: FakePeerCall, id: string): FakePeerAnswer {
    this.prepareOwn(id, body.sourceAmount);
    return { status: 201, json: { ...paymentOf(body, id), status: 'pending' } };
  }

  /** Answer of the proxy to a set-up. */
  setUp({ body }: FakePeerCall, changes: Record<string, unknown> = {}): FakePeerAnswer {
    const { paymentId = randomUUID(), receiver, sourceAccount, sourceIdentifier } = body as Record<string, string>;
    const view = this.invoices.get(receiver!);
    const amount = String(body.destinationAmount ?? view?.['amount']);
    const promise = this.promise(paymentId, amount);
    const json = {
      id: paymentId,
      name: 'Bob Diaz',
      receiver,
      destinationAccount: 'http://other.example:8088/ilp/ledger/v1/accounts/bob',
      address: promise.address,
      destinationAmount: amount,
      sourceAmount: amount,
      sourceAccount,
      expiresAt: new Date(Date.now() + LIFE_MS).toISOString(),
      data: { senderIdentifier: sourceIdentifier },
      additionalHeaders: promise.packet,
      execution_condition: promise.condition,
      condition: promise.condition,
      ...changes,
    };
    return { status: 201, json };
  }

  /** Answer of the scheme adapter to a request for a quote: no fees, one to one. */
  offer({ body }: FakePeerCall, changes: Record<string, unknown> = {}): FakePeerAnswer {
    const { amount, currency } = body.amount as { amount: string; currency: string };
    const exact = Number(amount).toFixed(2);
    const { ipr } = this.promise(body.paymentId, exact, 10 * 60_000);
    const free = { amount: '0', currency };
    const json = {
      paymentId: body.paymentId,
      receiveAmount: { amount, currency },
      payeeFee: free,
      payeeCommission: free,
      ipr,
      sourceAmount: exact,
      sourceExpiryDuration: 10,
      connectorAccount: this.accountUri('connector'),
      ...changes,
    };
    return { json };
  }

  private promise(paymentId: string, amount: string, livesMs = LIFE_MS): PlayedPromise {
    const known = this.promises.get(paymentId);
    if (known) return known;
    const expiresAt = new Date(Date.now() + livesMs);
    const promise = playedPromise({ paymentId, amount, address: 'levelone.other.bob.token', expiresAt });
    this.promises.set(paymentId, promise);
    return promise;
  }

  private serveDirectory(): void {
    const { peers, system, dfsp } = this.context;
    const directory = new PlayedRole(peers, system.contract, 'central-directory');
    const holders: Record<string, [shortName: string, providerUrl: string]> = {
      [`eur:${ALICE.number}`]: [dfsp, this.ownServer],
      [`eur:${BOB.number}`]: [OTHER.shortName, OTHER.server],
    };
    directory.serve('GET /resources', ({ query }) => {
      const [shortName, providerUrl] = holders[String(query['identifier'])] ?? [];
      if (shortName === undefined) return refusal(404, 'NotFoundError', 'Nobody has it');
      return { json: [{ name: shortName, providerUrl, shortName, primary: true, registered: true }] };
    });
    directory.serve('GET /dfsps', () => ({
      json: [
        { shortName: dfsp, providerUrl: this.ownServer, origins: [new URL(this.ownServer).origin] },
        {
          shortName: OTHER.shortName,
          providerUrl: OTHER.server,
          schemeAdapterUrl: OTHER.adapter,
          origins: [new URL(OTHER.server).origin, new URL(OTHER.adapter).origin],
        },
      ],
    }));
  }

  private serveProxy(): void {
    this.proxy.serve(PROXY.query, ({ query }) => {
      const number = String(query['receiver']).split('/').at(-1);
      if (number !== ALICE.number && number !== BOB.number) {
        return refusal(404, 'InvalidReceiverIdError', 'Invalid receiver ID');
      }
      const account = `http://other.example:8088/ilp/ledger/v1/accounts/${number}`;
      return { json: { type: 'payee', name: 'Bob Diaz', account, imageUrl: IMAGE, ...MONEY } };
    });
    this.proxy.serve(PROXY.notify, () => ({
      status: 201,
      json: { invoiceNotificationId: randomUUID(), status: 'pending' },
    }));
    this.proxy.serve(PROXY.invoice, ({ query }) => {
      const view = this.invoices.get(String(query['invoiceUrl']));
      return view ? { json: view } : refusal(404, 'InvoiceNotFoundError', 'Invoice not found');
    });
    this.proxy.serve(PROXY.setup, (call) => this.setUp(call));
    this.proxy.serve(PROXY.pay, (call, { id = '' }) => this.payAndExecute(call, id));
    this.proxy.serve(PROXY.payment, () => refusal(404, 'NotFoundError', 'Unknown payment'));
  }

  private serveAdapter(): void {
    this.adapter.serve(ADAPTER.quote, (call) => this.offer(call));
    this.adapter.serve(ADAPTER.pay, (call) => {
      const { paymentId, sourceAmount, connectorAccount } = call.body as Record<string, string>;
      const { fulfillment } = this.promises.get(paymentId!)!;
      if (this.ledger.transfers.get(paymentId!)?.state !== 'executed') {
        this.prepareOwn(paymentId!, sourceAmount!);
        this.ledger.end(paymentId!, 'executed', {}, fulfillment);
      }
      return { json: { paymentId, connectorAccount, status: 'executed', fulfillment } };
    });
  }

  private serveLedger(): void {
    const { ledger } = this;
    ledger.serve(TRANSFER.charges, ({ body }) => ({ status: 201, json: body }));
    ledger.serve('GET /ledger/transfers/{id}/fulfillment', (_, { id = '' }) => ({
      text: this.promises.get(id)?.fulfillment ?? '',
    }));
  }
}

function paymentOf(body: Record<string, unknown>, id: string): Record<string, unknown> {
  const { sourceAmount, sourceAccount, expiresAt } = body;
  return { id, sourceAmount, sourceAccount, expiresAt };
}
