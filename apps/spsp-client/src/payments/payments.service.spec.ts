import { describe, expect, it } from '@jest/globals';
import { ContractError } from '@level-one/errors';
import { encodePacket, packetToText } from '@level-one/ilp';
import { type LedgerClient, PaymentRequestDto, type WireTransfer } from '@level-one/peers';
import { SpspClientPaymentOutcomes } from './outcomes/payment-outcomes.js';
import { PaymentWaiters } from './outcomes/payment-waiters.js';
import type { Payment, PaymentEnd } from './store/payment.entity.js';
import type { PaymentsRepository } from './store/payments.repository.js';
import { SpspClientPaymentsService } from './payments.service.js';
import type { SpspClientSettings } from '../spsp-client.settings.js';

const ID = 'b9c4ceba-51e4-4a80-b1a7-2972383e98af';
const ADDRESS = 'levelone.dfsp2.bob.token';
const SETUP = Object.assign(new PaymentRequestDto(), {
  id: ID,
  sourceAccount: 'alice',
  sourceAmount: '10.40',
  destinationAmount: '10.40',
  address: ADDRESS,
  expiresAt: new Date(Date.now() + 60_000).toISOString(),
  condition: 'ni:///sha-256;Yw3NKWbEM2aRElRIu7JbT_QSpJxzLbLIq8G4WBvXEN0?fpt=preimage-sha-256&cost=32',
  additionalHeaders: packetToText(encodePacket({ amount: 1_040n, address: ADDRESS, data: Buffer.from('x') })),
});

type Step = (sent: WireTransfer) => WireTransfer;
const fails =
  (status: number, id: string): Step =>
  () => {
    throw new ContractError(status, id, id);
  };
const down = fails(502, 'ExternalError');
const knows: Step = (sent) => ({ ...sent, state: 'prepared' });

/** A payment whose ledger answers the PUTs and GETs of T1 like this, one after the other. @returns how it ended. */
async function endOf(puts: Step[], gets: Step[]): Promise<PaymentEnd['status'] | undefined> {
  let stored: Payment | undefined;
  let end: PaymentEnd | undefined;
  const payments = {
    findPayment: async () => stored ?? null,
    keepFirst: async (payment: Payment) => ({ isNew: true, payment: (stored = payment) }),
    endPayment: async (_: string, recorded: PaymentEnd) => {
      end = recorded;
      return Object.assign(stored!, recorded);
    },
  } as unknown as PaymentsRepository;
  const ledger = {
    baseUrl: 'http://adapter.test',
    transferUri: (id: string) => id,
    accountUri: (name: string) => name,
    putTransfer: async () => puts.shift()!(stored!.transfer),
    transfer: async () => (gets.shift() ?? down)(stored!.transfer),
  } as unknown as LedgerClient;
  const waiters = new PaymentWaiters();
  const service = new SpspClientPaymentsService(
    { scale: 2, waitMs: 0, expiryWaitS: 0, ilpPrefix: 'levelone.dfsp1.' } as SpspClientSettings,
    payments,
    new SpspClientPaymentOutcomes(payments, ledger, waiters, { info: () => undefined } as never),
    waiters,
    { takeNew: () => false } as never,
    { nameOf: (name: string) => name, addressOf: (name: string) => `levelone.dfsp1.${name}` } as never,
    { forPayment: async () => ({ sourceAmount: 1_040n, connectorAccount: 'connector' }) } as never,
    ledger,
  );
  await service.pay(ID, SETUP).catch(() => undefined);
  return end?.status;
}

describe('a payment whose T1', () => {
  it('is refused at once is over', async () => {
    expect(await endOf([fails(422, 'InsufficientFundsError')], [])).toBe('rejected');
  });

  it('is refused after an attempt without an answer is over only when the ledger does not know it', async () => {
    const unknown = fails(404, 'NotFoundError');
    const refused = fails(401, 'Unauthorized');
    expect(await endOf([down, refused], [unknown, unknown])).toBe('rejected');
    expect(await endOf([down, refused], [down, knows])).toBe(undefined);
    expect(await endOf([down, refused], [down, down])).toBe(undefined);
  });
});
