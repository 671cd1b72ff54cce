import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encodePacket, packetToText } from '@level-one/ilp';
import { eventually } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { inSeconds, secret } from '../support/five-bells-client.js';
import { ALICE, BOB, notifiedInvoice, pay } from '../support/people.js';
import { TestNetwork } from '../support/test-network.js';

const LEDGERS = [
  ['dfsp-ledger', 'dfsp1', '/ledger'],
  ['dfsp-ledger', 'dfsp2', '/ledger'],
  ['central-ledger', null, ''],
] as const;

/** A customer of dfsp1 who uses the ledger himself. */
const PAYER = 'third-party';

const RECEIVERS = [
  ['the connector of the payee', 'levelone.dfsp2.dfsp2-testconnector'],
  ['a token of that connector', 'levelone.dfsp2.dfsp2-testconnector.kPzzYfWPmWJZ0l8w'],
  ['the fees of the house', 'levelone.dfsp2.fees'],
  ['the commissions of the house', 'levelone.dfsp2.commission.x'],
  ['the issuance account', 'levelone.dfsp2.issuance'],
  ['the administrator', 'levelone.dfsp2.admin'],
  ['a role', 'levelone.dfsp2.spsp-server'],
  ['nobody', 'levelone.dfsp2.nobody'],
  ['the DFSP itself', 'levelone.dfsp2'],
  ['the connector of the payer', 'levelone.dfsp1.dfsp1-testconnector'],
  ['the payer', `levelone.dfsp1.${PAYER}`],
  ['a position at the centre', 'levelone.ist.dfsp2'],
  ['a ledger without a route', 'levelone.dfsp9.bob'],
] as const;

describe('A3: payments to connectors and accounts of the house, without quotes of other connectors', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.start({ REMOTE_QUOTES: 'false' });
    const body = { name: PAYER, password: PAYER, balance: '100.00' };
    const opened = await network.ask('dfsp-ledger', 'dfsp1', `PUT /ledger/accounts/${PAYER}`, {
      auth: 'admin:admin',
      body,
    });
    if (opened.status !== 201) throw new Error(opened.text);
  });

  afterAll(async () => {
    await network.close();
  });

  /** Minor units of every account of every ledger, with what is held. */
  async function books(): Promise<Record<string, readonly [balance: number, held: number]>> {
    const minor = (text: string) => Number(text.replace('.', ''));
    const read = async ([role, dfsp, path]: (typeof LEDGERS)[number]) => {
      const { body } = await network.ask(role, dfsp, `GET ${path}/accounts`, { auth: 'admin:admin' });
      return (body as { name: string; balance: string; held: string }[]).map(
        ({ name, balance, held }) => [`${dfsp ?? 'centre'} ${name}`, [minor(balance), minor(held)]] as const,
      );
    };
    return Object.fromEntries((await Promise.all(LEDGERS.map(read))).flat());
  }

  /** What a DFSP's connector has on both of its ledgers. */
  function bookOf(dfsp: 'dfsp1' | 'dfsp2', all: Record<string, readonly [number, number]>): number {
    return all[`${dfsp} ${dfsp}-testconnector`]![0] + all[`centre ${dfsp}`]![0];
  }

  function sums(all: Record<string, readonly [number, number]>): number[] {
    return ['dfsp1 ', 'dfsp2 ', 'centre '].map((place) =>
      Object.entries(all)
        .filter(([name]) => name.startsWith(place))
        .reduce((sum, [, [balance, held]]) => sum + balance + held, 0),
    );
  }

  /** Prepares one unit to the connector, to be forwarded to the address. */
  async function prepare(address: string, amount = '1.00'): Promise<string> {
    const base = network.url('dfsp-ledger', 'dfsp1', '/ledger');
    const id = randomUUID();
    const packet = encodePacket({ amount: BigInt(amount.replace('.', '')), address, data: Buffer.alloc(0) });
    const body = {
      id: `${base}/transfers/${id}`,
      ledger: base,
      debits: [{ account: `${base}/accounts/${PAYER}`, amount, authorized: true }],
      credits: [{ account: `${base}/accounts/dfsp1-testconnector`, amount, memo: { ilp: packetToText(packet) } }],
      execution_condition: secret().ni,
      expires_at: inSeconds(30),
    };
    const answer = await network.ask('dfsp-ledger', 'dfsp1', `PUT /ledger/transfers/${id}`, {
      auth: `${PAYER}:${PAYER}`,
      body,
    });
    expect(answer.status).toBe(201);
    return id;
  }

  it.each(RECEIVERS)('A3: %s (%s) is refused, and every balance stays', async (_what, address) => {
    const before = await books();
    const id = await prepare(address);
    await eventually(async () => expect((await network.transfer('dfsp1', id)).body.state).toBe('rejected'), {
      timeoutMs: 60_000,
    });
    const { body } = await network.transfer('dfsp1', id);
    expect(body.credits[0].rejection_message).toMatchObject({ code: 'F02' });
    for (const other of [null, 'dfsp2'] as const) {
      const { body: behind } = await network.transfer(other, id);
      expect(behind.state ?? behind.id).toMatch(/^(rejected|NotFoundError)$/);
    }
    expect(await books()).toEqual(before);
  });

  it('A3: the connectors gain and lose nothing by a payment that is made', async () => {
    const before = await books();
    const { invoiceNotificationId } = await notifiedInvoice(network, { identifier: ALICE, merchantIdentifier: BOB });
    expect(await pay(network, invoiceNotificationId)).toMatchObject({ status: 200, body: { status: 'paid' } });
    await eventually(async () => {
      const after = await books();
      expect(Object.values(after).map(([, held]) => held)).toEqual(Object.values(before).map(([, held]) => held));
      expect(sums(after)).toEqual(sums(before));
      for (const dfsp of ['dfsp1', 'dfsp2'] as const) expect(bookOf(dfsp, after)).toBe(bookOf(dfsp, before));
    });
  });
});
