import { decodeIpr, formatCondition, packetToText } from '@level-one/ilp';
import type { FakePeerCall } from '@level-one/testing/peers';
import { NotConforming } from '../../cases/not-conforming.js';
import type { PlayedTransfer } from '../../played/played-ledger.js';
import { until } from '../../played/until.js';
import type { SystemRequest } from '../../system/system-under-test.js';
import { LIFE_MS, NEWS, type PlayedPayee, QUOTED_NEWS } from './played-payee.js';
import { iprRequest, setupRequest } from './spsp-server-uses.js';

/** Route under which the findings about incoming payments stand. */
export const INCOMING = 'WS /websocket of the ledger adapter';

/** What the SPSP server has issued for a payment. */
export interface Issued {
  paymentId: string;
  condition: string;
  /** ILP packet, base64url. */
  packet: string;
}

/** Payments that come in at the SPSP server under test: the runner plays whoever prepares them at the ledger. */
export class IncomingPayments {
  constructor(readonly payee: PlayedPayee) {}

  /** Sets a payment of 10.40 to Bob up. */
  async setUp(changes: Record<string, unknown> = {}): Promise<Issued> {
    const request = setupRequest(this.payee, changes);
    const answer = await this.ask('POST /v1/setup', request, 201);
    return { paymentId: answer.id, condition: answer.condition, packet: answer.additionalHeaders };
  }

  /** Asks for the payment request of a quote of 10.40 to Bob. */
  async quoted(): Promise<Issued> {
    const request = iprRequest(this.payee);
    const { ipr } = await this.ask('POST /v1/createIPR', request, 200);
    const { condition, packet } = decodeIpr(ipr);
    const { paymentId } = request.body as { paymentId: string };
    return { paymentId, condition: formatCondition({ hash: condition, length: 32 }), packet: packetToText(packet) };
  }

  /** Prepares the transfer of a payment, as the connector does, and waits until the system listens. */
  async prepare(issued: Issued, changes: TransferChanges = {}): Promise<PlayedTransfer> {
    await this.payee.ledger.untilSubscribed();
    return this.prepareUnheard(issued, changes);
  }

  /** Prepares the transfer of a payment, whether the system listens or not. */
  prepareUnheard(issued: Issued, changes: TransferChanges = {}): PlayedTransfer {
    const { ledger } = this.payee;
    const { amount = '10.40', account = 'bob', condition = issued.condition, packet = issued.packet } = changes;
    const expires = new Date(Date.now() + (changes.livesMs ?? LIFE_MS));
    return ledger.prepare({
      id: issued.paymentId,
      debits: [{ account: ledger.accountUri('connector'), amount, authorized: true, memo: {} }],
      credits: [{ account: ledger.accountUri(account), amount, memo: packet === null ? {} : { ilp: packet } }],
      execution_condition: condition,
      expires_at: expires.toISOString(),
    });
  }

  /** Waits until the transfer is fulfilled. @throws NotConforming */
  async untilFulfilled({ paymentId }: Issued, what: string): Promise<FakePeerCall> {
    const { ledger, context } = this.payee;
    return until(
      () => ledger.sentTo(paymentId, '/fulfillment')[0],
      context,
      () => `${INCOMING}: ${what} was not fulfilled${this.fate(paymentId)}; must be fulfilled`,
    );
  }

  /** Waits until the transfer is rejected. @returns the body of the rejection @throws NotConforming */
  async untilRejected({ paymentId }: Issued, what: string): Promise<Record<string, any>> {
    const { ledger, context } = this.payee;
    const call = await until(
      () => ledger.sentTo(paymentId, '/rejection')[0] ?? ledger.sentTo(paymentId, '/fulfillment')[0],
      context,
      `${INCOMING}: ${what} was neither fulfilled nor rejected; must be rejected`,
    );
    if (call.route.endsWith('/fulfillment')) {
      throw new NotConforming(`${INCOMING}: ${what} was fulfilled; must be rejected`);
    }
    return call.body;
  }

  /** Waits until the DFSP was told of a payment. @throws NotConforming */
  async untilTold({ paymentId }: Issued, status: string, what: string): Promise<FakePeerCall> {
    return until(
      () => this.news(paymentId).find(({ body }) => body.status === status),
      this.payee.context,
      () => `${INCOMING}: the DFSP was not told that ${what} is ${status}${this.toldShown(paymentId)}; must be told`,
    );
  }

  /** News of a payment that the DFSP was told (rows 34 and 48), in their order. */
  news(paymentId: string): FakePeerCall[] {
    const { backend, schemeAdapter } = this.payee;
    const calls = [...NEWS.flatMap((route) => backend.callsTo(route)), ...schemeAdapter.callsTo(QUOTED_NEWS)];
    return calls.filter(({ body }) => body?.paymentid === paymentId || body?.paymentId === paymentId);
  }

  private fate(paymentId: string): string {
    const rejection = this.payee.ledger.sentTo(paymentId, '/rejection')[0];
    return rejection ? ` but rejected with ${JSON.stringify(rejection.body)}` : '';
  }

  private toldShown(paymentId: string): string {
    const told = this.news(paymentId).map(({ body }) => String(body.status));
    return told.length === 0 ? '' : `, but only ${told.join(', ')}`;
  }

  private async ask(route: string, request: SystemRequest, status: number): Promise<any> {
    return (await this.payee.context.system.ask(route, 'a valid request', request)).mustBe({ status }).json;
  }
}

/** What a transfer has otherwise than it was issued. */
export interface TransferChanges {
  amount?: string;
  account?: string;
  condition?: string;
  /** null for a transfer without a packet. */
  packet?: string | null;
  livesMs?: number;
}
