import { randomUUID } from 'node:crypto';
import type { SystemRequest } from '../../system/system-under-test.js';
import { ALICE, BOB, DAVE, OTHER, type PlayedWorld } from './played-world.js';

/** Header by which the own roles say which DFSP asks. */
export const FROM_OTHER = { 'l1p-from-dfsp': OTHER.shortName };

export function withBody(changes: Record<string, unknown>) {
  return (request: SystemRequest): SystemRequest => ({ ...request, body: { ...(request.body as object), ...changes } });
}

export function withPath(path: Record<string, string>) {
  return (request: SystemRequest): SystemRequest => ({ ...request, path: { ...request.path, ...path } });
}

/** Good requests to a DFSP API, each with what has to be there before. */
export class DfspApiRequests {
  constructor(readonly world: PlayedWorld) {}

  /** An invoice of Dave for Alice. */
  async issue(changes: Record<string, unknown> = {}): Promise<SystemRequest> {
    await this.world.makeKnown();
    return {
      as: 'channel',
      body: {
        invoiceId: randomUUID(),
        account: DAVE.account,
        amount: '10.40',
        identifier: ALICE.number,
        merchantIdentifier: DAVE.number,
        info: 'Lunch',
        ...changes,
      },
    };
  }

  /** Issues an invoice of Dave. @returns its id */
  async issued(changes: Record<string, unknown> = {}): Promise<string> {
    return (await this.send('POST /v1/merchantInvoice', await this.issue(changes), 201)).invoiceId;
  }

  /** A notification of an invoice of Bob. */
  async notify(invoiceUrl = this.world.newInvoice(), memo = 'Lunch'): Promise<SystemRequest> {
    await this.world.makeKnown();
    return { as: 'spsp-backend', headers: FROM_OTHER, body: { invoiceUrl, senderIdentifier: ALICE.number, memo } };
  }

  /** Notifies Alice of an invoice of Bob. @returns the id of the notification */
  async notified(invoiceUrl?: string): Promise<string> {
    return (await this.send('POST /v1/invoices', await this.notify(invoiceUrl), 201)).invoiceNotificationId;
  }

  async pay(invoiceUrl?: string): Promise<SystemRequest> {
    const invoiceNotificationId = await this.notified(invoiceUrl);
    return { as: 'channel', body: { account: ALICE.account, invoiceNotificationId } };
  }

  /** A set-up of a payment to Dave, as the SPSP backend passes it on. */
  async setUp(changes: Record<string, unknown> = {}): Promise<SystemRequest> {
    await this.world.makeKnown();
    return {
      as: 'spsp-backend',
      headers: FROM_OTHER,
      body: {
        identifier: DAVE.number,
        senderIdentifier: BOB.number,
        amount: '10.40',
        paymentId: randomUUID(),
        memo: 'Lunch',
        ...changes,
      },
    };
  }

  /** A set-up of the payment of an invoice of Dave by Alice, whose DFSP is this one too. */
  async setUpInvoice(invoiceId: string): Promise<SystemRequest> {
    return {
      as: 'spsp-backend',
      headers: { 'l1p-from-dfsp': this.world.context.dfsp },
      body: { invoiceId, senderIdentifier: ALICE.number, paymentId: randomUUID(), memo: 'Lunch' },
    };
  }

  /** News of a payment of an invoice that is prepared at the ledger. */
  async news(status = 'prepared'): Promise<SystemRequest> {
    const invoiceId = await this.issued();
    const setup = await this.setUpInvoice(invoiceId);
    await this.send('POST /v1/setup', setup, 201);
    const { paymentId } = setup.body as { paymentId: string };
    this.world.prepareIncoming(paymentId);
    return this.newsOf(invoiceId, paymentId, status);
  }

  newsOf(invoiceId: string, paymentId: string, status: string): SystemRequest {
    return {
      as: 'spsp-backend',
      path: { invoiceId, paymentId },
      body: {
        status,
        transferId: paymentId,
        paymentid: paymentId,
        invoiceId,
        senderIdentifier: ALICE.number,
        destinationAmount: '10.40',
        memo: 'Lunch',
      },
    };
  }

  /** A quote for a payment of Bob to Dave, as the scheme adapter passes it on. */
  async reserve(changes: Record<string, unknown> = {}): Promise<SystemRequest> {
    await this.world.makeKnown();
    return {
      as: 'scheme-adapter',
      headers: FROM_OTHER,
      body: {
        paymentId: randomUUID(),
        payer: { identifier: BOB.number, identifierType: 'eur' },
        payee: {
          identifier: DAVE.number,
          identifierType: 'eur',
          account: this.world.accountUri(DAVE.account),
        },
        transferType: 'p2p',
        amountType: 'SEND',
        amount: { amount: '10.40', currency: 'USD' },
        ...changes,
      },
    };
  }

  /** News of a quoted payment that is prepared at the ledger. */
  async quotedNews(): Promise<SystemRequest> {
    const request = await this.reserve();
    await this.send('POST /v1/quotes', request, 200);
    const { paymentId } = request.body as { paymentId: string };
    this.world.prepareIncoming(paymentId);
    return this.quotedNewsOf(paymentId, 'prepared');
  }

  quotedNewsOf(paymentId: string, status: string): SystemRequest {
    return {
      as: 'scheme-adapter',
      path: { paymentId },
      body: {
        status,
        transferId: paymentId,
        destinationAmount: '10.40',
        destinationAccount: this.world.accountUri(DAVE.account),
      },
    };
  }

  /** What a payment of Alice to Bob costs. */
  async quote(): Promise<SystemRequest> {
    await this.world.makeKnown();
    return {
      as: 'channel',
      body: {
        paymentId: randomUUID(),
        amount: '10.40',
        currency: 'USD',
        amountType: 'SEND',
        destinationIdentifier: BOB.number,
        sourceAccount: ALICE.account,
        sourceIdentifier: ALICE.number,
      },
    };
  }

  /** The payment of a quote of Alice. */
  async transfer(): Promise<SystemRequest> {
    const { paymentId } = await this.send('POST /v1/quote', await this.quote(), 201);
    return { as: 'channel', body: { paymentId } };
  }

  /** Sends a request that has to be answered well. @returns the body of the answer @throws NotConforming */
  async send(route: string, request: SystemRequest, status: number): Promise<any> {
    return (await this.world.context.system.ask(route, 'a valid request', request)).mustBe({ status }).json;
  }
}
