import { decodeIpr, decodePacket, decodePskData, encodeIpr, encodePacket } from '@level-one/ilp';
import { randomUUID } from 'node:crypto';
import { type Answer, TestNetwork } from './test-network.js';

/** Payer and payee of the second seed's samples: Erin at dfsp1, Frank at dfsp2. */
export const ERIN = '92806391';
export const FRANK = '30754016';

/** The second seed's request, with changes. */
export function quoteRequest(network: TestNetwork, changes: Record<string, unknown> = {}): Record<string, any> {
  return {
    paymentId: randomUUID(),
    payer: { identifier: ERIN, identifierType: 'eur' },
    payee: {
      url: network.url('scheme-adapter', 'dfsp2', '/scheme/adapter/v1'),
      identifier: FRANK,
      identifierType: 'eur',
      account: network.url('ledger-adapter', 'dfsp2', '/ilp/ledger/v1/accounts/frank'),
    },
    transferType: 'p2p',
    amountType: 'SEND',
    amount: { amount: '10', currency: 'USD' },
    fees: { amount: '0.25', currency: 'USD' },
    ...changes,
  };
}

/** Asks dfsp1's scheme adapter for a quote. */
export function askForQuote(network: TestNetwork, changes: Record<string, unknown> = {}): Promise<Answer> {
  return network.ask('scheme-adapter', 'dfsp1', 'POST /scheme/adapter/v1/quotes', {
    body: quoteRequest(network, changes),
  });
}

/** Erin pays a payment request through dfsp1's scheme adapter, past her DFSP's API. */
export function payRequest(network: TestNetwork, quote: any, changes: Record<string, unknown> = {}): Promise<Answer> {
  const { ipr, connectorAccount, sourceExpiryDuration, sourceAmount } = quote;
  return network.ask('scheme-adapter', 'dfsp1', 'POST /scheme/adapter/v1/payments', {
    body: {
      ipr,
      connectorAccount,
      sourceExpiryDuration,
      sourceAmount,
      sourceAccount: network.url('ledger-adapter', 'dfsp1', '/ilp/ledger/v1/accounts/erin'),
      ...changes,
    },
  });
}

/** A quote for a client of dfsp1, by its channel. */
export function channelQuote(network: TestNetwork, order: Record<string, unknown> = {}): Promise<Answer> {
  return network.ask('dfsp-api', 'dfsp1', 'POST /v1/quote', {
    body: {
      amount: '10',
      amountType: 'SEND',
      destinationIdentifier: FRANK,
      sourceAccount: 'erin',
      sourceIdentifier: ERIN,
      ...order,
    },
  });
}

export function transfer(network: TestNetwork, paymentId: string): Promise<Answer> {
  return network.ask('dfsp-api', 'dfsp1', 'POST /v1/transfer', { body: { paymentId } });
}

/** A payment request that somebody has changed; its condition stays, so that only what it says is another. */
export function altered(
  ipr: string,
  changes: { amount?: bigint; address?: string; data?: Record<string, unknown>; paymentId?: string },
): string {
  const { condition, packet } = decodeIpr(ipr);
  const { amount, address, data } = decodePacket(packet);
  const { body } = decodePskData(data);
  const text = data.toString('utf8');
  const told = changes.data
    ? text.replace(body.toString(), JSON.stringify({ ...JSON.parse(body.toString()), ...changes.data }))
    : text;
  const named = changes.paymentId ? told.replace(/Payment-Id: .*/, `Payment-Id: ${changes.paymentId}`) : told;
  return encodeIpr({
    condition,
    packet: encodePacket({
      amount: changes.amount ?? amount,
      address: changes.address ?? address,
      data: Buffer.from(named),
    }),
  });
}

/** Everything that is held on the three ledgers. */
export async function held(network: TestNetwork): Promise<string[]> {
  const of = async (role: 'dfsp-ledger' | 'central-ledger', dfsp: 'dfsp1' | 'dfsp2' | null, base: string) => {
    const answer = await network.ask(role, dfsp, `GET ${base}/accounts`, { auth: 'admin:admin' });
    return (answer.body as { name: string; held: string }[])
      .filter((account) => Number(account.held) !== 0)
      .map((account) => `${dfsp ?? 'central'} ${account.name} ${account.held}`);
  };
  return [
    ...(await of('dfsp-ledger', 'dfsp1', '/ledger')),
    ...(await of('central-ledger', null, '')),
    ...(await of('dfsp-ledger', 'dfsp2', '/ledger')),
  ];
}

/** Balances of everybody that Erin's payment to Frank can touch. */
export async function fundsOf(network: TestNetwork): Promise<Record<string, string>> {
  const at = (dfsp: 'dfsp1' | 'dfsp2' | null, name: string) => network.balance(dfsp, name);
  return {
    erin: await at('dfsp1', 'erin'),
    fees1: await at('dfsp1', 'fees'),
    connector1: await at('dfsp1', 'dfsp1-testconnector'),
    central1: await at(null, 'dfsp1'),
    central2: await at(null, 'dfsp2'),
    connector2: await at('dfsp2', 'dfsp2-testconnector'),
    frank: await at('dfsp2', 'frank'),
    fees2: await at('dfsp2', 'fees'),
    commission2: await at('dfsp2', 'commission'),
    agent2: await at('dfsp2', 'agent-commission'),
  };
}
