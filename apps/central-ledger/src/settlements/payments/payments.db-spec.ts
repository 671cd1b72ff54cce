import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestSettlements } from '../settlements.fixture.js';

let test: TestSettlements;
let call: TestSettlements['call'];
let pay: TestSettlements['pay'];
let open: TestSettlements['open'];
let close: TestSettlements['close'];
let confirm: TestSettlements['confirm'];

beforeAll(async () => {
  test = await TestSettlements.start();
  ({ call, pay, open, close, confirm } = test);
});

afterAll(() => test?.stop());

describe('payment files', () => {
  it('are the same whenever they are made, with the decimals of the currency and escaped text', async () => {
    await call('PUT', '/settlement-accounts/dfsp1', {
      holder: '=Müller & <Söhne> "AG"',
      iban: 'DE89370400440532013000',
    });
    await call('PUT', '/settlement-accounts/settlement', { holder: 'Scheme', other_id: '4711', bic: 'COBADEFFXXX' });
    await pay('dfsp1', 'dfsp2', '10.405');
    await pay('dfsp3', 'dfsp2', '0.5');
    const { id, closed_at: closedAt } = await close();
    const digits = id.replaceAll('-', '');
    const files = async () => [
      await call('GET', `/settlements/${id}/payments.csv`),
      await call('GET', `/settlements/${id}/pain.001.xml`),
    ];
    const made = await files();
    const [csv, xml] = made.map(({ text }) => text);
    const { number } = (await call('GET', `/settlements/${id}`)).json;
    expect(csv!.split('\r\n')).toEqual([
      'payment_id,window,account,debtor,debtor_account,debtor_bic,creditor,creditor_account,creditor_bic,amount,currency',
      `${digits.slice(0, 24)}-1,${number},dfsp1,"'=Müller & <Söhne> ""AG""",DE89370400440532013000,,Scheme,4711,COBADEFFXXX,10.405,TND`,
      `${digits.slice(0, 24)}-2,${number},dfsp2,Scheme,4711,COBADEFFXXX,dfsp2,dfsp2,,10.905,TND`,
      `${digits.slice(0, 24)}-3,${number},dfsp3,dfsp3,dfsp3,,Scheme,4711,COBADEFFXXX,0.500,TND`,
      '',
    ]);
    expect(xml).toContain('xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"');
    expect(xml).toContain(`<MsgId>${digits}</MsgId>`);
    expect(xml).toContain(`<CreDtTm>${closedAt}</CreDtTm>`);
    expect(xml).toContain('<Nm>=Müller &amp; &lt;Söhne&gt; &quot;AG&quot;</Nm>');
    expect(xml).toContain('<IBAN>DE89370400440532013000</IBAN>');
    expect([...xml!.matchAll(/<InstdAmt Ccy="TND">(.*)<\/InstdAmt>/g)].map(([, amount]) => amount)).toEqual([
      '10.405',
      '0.500',
      '10.905',
    ]);
    expect([...xml!.matchAll(/<(?:MsgId|PmtInfId|EndToEndId)>(.*)<\//g)].every(([, one]) => one!.length <= 35)).toBe(
      true,
    );
    expect(xml).toMatch(/<GrpHdr>[^]*<NbOfTxs>3<\/NbOfTxs>\s*<CtrlSum>21.810<\/CtrlSum>/);
    await confirm(id, ['dfsp1', '10.405', 'file 1']);
    expect((await files()).map(({ text }) => text)).toEqual([csv, xml]);
  });

  it('are for administrators, and for closed windows only', async () => {
    const { id } = await open();
    for (const file of ['payments.csv', 'pain.001.xml']) {
      expect((await call('GET', `/settlements/${id}/${file}`)).status).toBe(422);
      expect((await call('GET', `/settlements/${id}/${file}`, undefined, 'dfsp1')).status).toBe(403);
      expect((await call('GET', `/settlements/${randomUUID()}/${file}`)).status).toBe(404);
    }
  });

  it('need a bank account for each account whose name is too long', async () => {
    const name = 'a DFSP with a name of more than 34 letters';
    await call('PUT', `/accounts/${encodeURIComponent(name)}`, {
      name,
      password: name,
      minimum_allowed_balance: '-10',
    });
    await pay(name, 'dfsp2', '1');
    const { id } = await close();
    expect(await call('GET', `/settlements/${id}/payments.csv`)).toMatchObject({
      status: 422,
      json: { message: expect.stringContaining('needs a bank account') },
    });
    await call('PUT', `/settlement-accounts/${encodeURIComponent(name)}`, { holder: 'Long', other_id: '34' });
    expect((await call('GET', `/settlements/${id}/payments.csv`)).text).toContain(`,${name},Long,34,,Scheme,`);
  });
});

describe('a bank account', () => {
  it('is set by administrators and read by its owner', async () => {
    const stored = { holder: 'Second DFSP', other_id: '12-34', bic: 'COBADEFF' };
    expect(await call('PUT', '/settlement-accounts/dfsp2', stored)).toMatchObject({ status: 200, json: stored });
    expect((await call('GET', '/settlement-accounts/dfsp2', undefined, 'dfsp2')).json).toEqual(stored);
    expect((await call('GET', '/settlement-accounts/dfsp2', undefined, 'dfsp1')).status).toBe(403);
    expect((await call('PUT', '/settlement-accounts/dfsp2', stored, 'dfsp2')).status).toBe(403);
    expect((await call('PUT', '/settlement-accounts/nobody', stored)).status).toBe(404);
    for (const body of [{ ...stored, iban: 'DE89370400440532013000' }, { holder: 'x' }]) {
      expect((await call('PUT', '/settlement-accounts/dfsp2', body)).status).toBe(422);
    }
    for (const body of [
      { ...stored, bic: 'x' },
      { holder: 'x', iban: 'de 1' },
      { other_id: '1' },
      { ...stored, holder: 'x'.repeat(141) },
    ]) {
      expect((await call('PUT', '/settlement-accounts/dfsp2', body)).status).toBe(400);
    }
  });
});
