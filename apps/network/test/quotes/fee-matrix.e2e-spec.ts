import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { held } from '../support/quoting.js';
import { TestNetwork } from '../support/test-network.js';

type Dfsp = 'dfsp1' | 'dfsp2';

/** A fee of 1 below 20, of 2 below 40, of 3 from there on. */
const STAIRS = ['0', '20', '40'];
const STAIR_FEES = ['1', '2', '3'];
/** On each step of the stairs, and on its edge. */
const AMOUNTS = ['12.34', '20', '45.67'];

interface Kind {
  /** On whose DFSP, and for whom, a tariff is set. */
  name: string;
  transferType: 'p2p' | 'cashIn' | 'cashOut';
  payerFee?: boolean;
  payeeFee?: boolean;
  payeeCommission?: boolean;
  payerCommission?: boolean;
  central?: boolean;
}

/** The fee matrix of the acceptance tests (N99): who charges what for which type of transfer. */
const KINDS: Kind[] = [
  { name: 'a fee of the source', transferType: 'p2p', payerFee: true },
  { name: 'a fee of the receiver', transferType: 'p2p', payeeFee: true },
  { name: 'a fee of the centre', transferType: 'p2p', central: true },
  { name: 'fees of everybody', transferType: 'p2p', payerFee: true, payeeFee: true, central: true },
  { name: 'a cash-in fee', transferType: 'cashIn', payerFee: true, payerCommission: true },
  { name: 'a cash-out fee', transferType: 'cashOut', payeeFee: true, payeeCommission: true },
];
const CELLS = KINDS.flatMap((kind) =>
  (['cross', 'same'] as const).flatMap((way) =>
    (['zero', 'stair-step'] as const).flatMap((tariff) =>
      (['SEND', 'RECEIVE'] as const).map((amountType) => ({ ...kind, way, tariff, amountType })),
    ),
  ),
).filter(({ tariff, amountType }) => tariff === 'stair-step' || amountType === 'SEND');

/** Erin pays Frank at the other DFSP, or Dave at her own. */
const PAYEES = {
  cross: { number: '30754016', account: 'frank', dfsp: 'dfsp2' },
  same: { number: '26547071', account: 'dave', dfsp: 'dfsp1' },
} as const;

describe('the fee matrix (N99)', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.start();
    const charge = await central('POST /charges', {
      name: 'scheme',
      rate_type: 'flat',
      rate: '0.10',
      code: '001',
      is_active: false,
      payer: 'sender',
      payee: 'ledger',
    });
    expect(charge.status).toBe(201);
    await network.bringTo('dfsp1', 'erin', '100000.00');
  });

  afterAll(async () => {
    await network.close();
  });

  const central = (request: string, body: object) =>
    network.ask('central-ledger', null, request, { auth: 'admin:admin', body });

  async function setTariffs(dfsp: Dfsp, cell: (typeof CELLS)[number]): Promise<void> {
    const { transferType, tariff, payerFee, payeeFee, payeeCommission, payerCommission, way } = cell;
    const isPayers = dfsp === 'dfsp1';
    const isPayees = way === 'same' ? isPayers : !isPayers;
    const steps = (kind: 'fee' | 'commission', side: 'debit' | 'credit') =>
      STAIRS.map((startAmount, step) => ({
        name: `${side} ${kind} ${step}`,
        kind,
        side,
        transferType,
        startAmount,
        minValue: tariff === 'zero' ? '0' : STAIR_FEES[step],
        // Where both charge, the DFSPs agreed that the payer's fee is for both of them.
        ...(kind === 'fee' && side === 'credit' && payerFee ? { payerFeeCredit: STAIR_FEES[step] } : {}),
      }));
    const rules = [
      ...(isPayers && payerFee ? steps('fee', 'debit') : []),
      ...(isPayers && payerCommission ? steps('commission', 'debit') : []),
      ...(isPayees && payeeFee ? steps('fee', 'credit') : []),
      ...(isPayees && payeeCommission ? steps('commission', 'credit') : []),
    ];
    const answer = await network.ask('dfsp-api', dfsp, 'PUT /v1/feeRules', { auth: 'admin:admin', body: { rules } });
    expect([answer.status, answer.text]).toEqual([200, answer.text]);
  }

  async function balances(): Promise<Map<string, bigint>> {
    const found = new Map<string, bigint>();
    const read = async (role: 'dfsp-ledger' | 'central-ledger', dfsp: Dfsp | null, path: string) => {
      const { body } = await network.ask(role, dfsp, `GET ${path}/accounts`, { auth: 'admin:admin' });
      for (const { name, balance } of body) found.set(`${dfsp ?? 'centre'} ${name}`, BigInt(balance.replace('.', '')));
    };
    await read('dfsp-ledger', 'dfsp1', '/ledger');
    await read('central-ledger', null, '');
    await read('dfsp-ledger', 'dfsp2', '/ledger');
    return found;
  }

  it.each(CELLS)('$way DFSP, $name, $tariff, $amountType: no money is made or lost', async (cell) => {
    await setTariffs('dfsp1', cell);
    await setTariffs('dfsp2', cell);
    expect(
      (await central('PUT /charges/scheme', { is_active: Boolean(cell.central) && cell.tariff !== 'zero' })).status,
    ).toBe(200);
    const payee = PAYEES[cell.way];
    for (const amount of cell.tariff === 'stair-step' && cell.amountType === 'SEND' ? AMOUNTS : [AMOUNTS[1]!]) {
      const before = await balances();
      const { status, body: quote } = await network.ask('dfsp-api', 'dfsp1', 'POST /v1/quote', {
        body: {
          amount,
          amountType: cell.amountType,
          transferType: cell.transferType,
          destinationIdentifier: payee.number,
          sourceAccount: 'erin',
          sourceIdentifier: '92806391',
        },
      });
      expect([status, quote]).toEqual([201, quote]);
      const paid = await network.ask('dfsp-api', 'dfsp1', 'POST /v1/transfer', {
        body: { paymentId: quote.paymentId },
      });
      expect(paid.body).toMatchObject({ status: 'executed' });
      const after = await balances();
      const change = (name: string): bigint => (after.get(name) ?? 0n) - (before.get(name) ?? 0n);
      const cents = (text: string): bigint => BigInt(Math.round(Number(text) * 100));

      const step = BigInt(STAIRS.filter((start) => Number(start) <= Number(amount)).length);
      const fee = cell.tariff === 'zero' ? 0n : step * 100n;
      const payerFee = cell.payerFee ? fee : 0n;
      const payeeFee = cell.payeeFee ? fee : 0n;
      const charged = payeeFee > payerFee ? payeeFee - payerFee : 0n;
      const isSend = cell.amountType === 'SEND';
      const transferAmount = cents(amount) + (isSend ? 0n : charged);
      expect([change('dfsp1 erin'), change(`${payee.dfsp} ${payee.account}`)]).toEqual([
        -(transferAmount + payerFee),
        transferAmount - charged,
      ]);
      expect([cents(quote.total), cents(quote.receiveAmount)]).toEqual([
        transferAmount + payerFee,
        transferAmount - charged,
      ]);

      // What the payer loses equals what everyone else gains, over all three ledgers.
      const fees = change('dfsp1 fees') + change('dfsp2 fees');
      expect(fees).toBe(payerFee + charged);
      expect(change('dfsp1 erin') + change(`${payee.dfsp} ${payee.account}`) + fees).toBe(0n);
      const commission = (cell.payeeCommission || cell.payerCommission) && cell.tariff !== 'zero' ? fee : 0n;
      for (const dfsp of ['dfsp1', 'dfsp2']) {
        expect(change(`${dfsp} commission`) + change(`${dfsp} agent-commission`)).toBe(0n);
      }
      expect(change('dfsp1 agent-commission') + change('dfsp2 agent-commission')).toBe(commission);
      // Only between DFSPs is anything moved, or charged, at the centre.
      const scheme = cell.way === 'cross' && cell.central && cell.tariff !== 'zero' ? 10n : 0n;
      const crossing = cell.way === 'cross' ? transferAmount : 0n;
      expect([change('centre dfsp1'), change('centre dfsp2'), change('centre fees')]).toEqual([
        -(crossing + scheme),
        crossing,
        scheme,
      ]);
      expect([change('dfsp1 dfsp1-testconnector'), change('dfsp2 dfsp2-testconnector')]).toEqual([crossing, -crossing]);
      for (const place of ['dfsp1', 'centre', 'dfsp2']) {
        const sum = [...after].filter(([name]) => name.startsWith(`${place} `)).reduce((all, [, one]) => all + one, 0n);
        expect([place, sum]).toEqual([place, 0n]);
      }
    }
    expect(await held(network)).toEqual([]);
  });
});
