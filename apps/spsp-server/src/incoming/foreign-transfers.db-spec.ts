import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  conditionOf,
  encodePacket,
  fulfillmentPreimage,
  fulfills,
  packetFromText,
  packetToText,
  parseCondition,
  parseFulfillment,
} from '@level-one/ilp';
import type { IprReplyDto } from '@level-one/peers';
import { eventually } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { SpspServerTestBed } from '../../test/test-bed.js';
import { IssuedPaymentsRepository } from '../issuing/store/issued-payments.repository.js';

const OTHER_CONDITION = conditionOf(Buffer.alloc(32, 7));

describe('a transfer that was not set up at this SPSP server', () => {
  let bed: SpspServerTestBed;

  beforeAll(async () => {
    bed = await SpspServerTestBed.start();
  });

  beforeEach(() => bed.reset());

  afterAll(() => bed?.stop());

  const PSK_ADDRESS = 'levelone.dfsp2.NAME.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
  const packetTo = (address: string) =>
    packetToText(encodePacket({ amount: 1_040n, address, data: Buffer.from('PSK/1.0\nNonce: x\n\n') }));
  const foreign = (account: string, memo: object | undefined) => {
    const id = randomUUID();
    const transfer = bed.transferOf({ id, amount: '10.40', condition: OTHER_CONDITION } as IprReplyDto, {
      credits: [{ account: `${bed.peers.url}/ledger/accounts/${account}`, amount: '10.40', memo }],
    });
    return { id, transfer };
  };

  it.each([
    ['without a packet', () => undefined],
    ['with a packet that cannot be read', () => ({ ilp: 'AQ' })],
    ['for a payment by a shared key', (name: string) => ({ ilp: packetTo(PSK_ADDRESS.replace('NAME', name)) })],
    ["for another ledger's account", () => ({ ilp: packetTo('levelone.dfsp1.alice') })],
    ['that is no text', () => ({ ilp: 7 })],
  ])('F1: leaves a transfer of others %s to whom it is for', async (_what, memoFor) => {
    const { id, transfer } = foreign('yb', memoFor('yb'));
    bed.peers.sendEvent('transfer.create', transfer);
    // Nobody but this DFSP could execute this one.
    const hopeless = foreign('bob', memoFor('bob'));
    bed.peers.sendEvent('transfer.create', hopeless.transfer);
    expect(await bed.rejectionOf(hopeless.id)).toMatchObject({ code: 'F06' });
    const after = await bed.newSetup();
    bed.peers.sendEvent('transfer.create', bed.transferOf(after));
    await bed.fulfilmentOf(after.id);
    expect(bed.peers.callsTo(new RegExp(id))).toEqual([]);
    expect(bed.told()).toEqual(['prepared']);
  });

  it('F1: leaves its own packet alone where it credits somebody else who may execute it', async () => {
    const setup = await bed.newSetup();
    const credit = bed.transferOf(setup).credits[0]!;
    const id = randomUUID();
    const toOther = { ...credit, account: `${bed.peers.url}/ledger/accounts/yb` };
    bed.peers.sendEvent('transfer.create', bed.transferOf(Object.assign({}, setup, { id }), { credits: [toOther] }));
    const toEve = { ...credit, account: `${bed.peers.url}/ledger/accounts/eve` };
    bed.peers.sendEvent('transfer.create', bed.transferOf(setup, { credits: [toEve] }));
    expect(await bed.rejectionOf(setup.id)).toMatchObject({ code: 'F06' });
    expect(bed.peers.callsTo(new RegExp(id))).toEqual([]);
  });

  it('F1: takes payments whose address was issued before tokens were verifiable', async () => {
    const setup = await bed.newSetup();
    const packet = packetTo('levelone.dfsp2.bob.NuilFWTj3N8K6uM3');
    const condition = conditionOf(fulfillmentPreimage(Buffer.from('11'.repeat(32), 'hex'), packetFromText(packet)));
    const id = randomUUID();
    await bed.server.app.get(DataSource, { strict: false }).query(
      `INSERT INTO issued_payments
       SELECT (jsonb_populate_record(known, jsonb_build_object(
         'payment_id', $2::text, 'packet', $3::text, 'condition', $4::text))).*
       FROM issued_payments AS known WHERE payment_id = $1`,
      [setup.id, id, packet, condition],
    );
    const old = Object.assign(setup, { id, additionalHeaders: packet, condition });
    bed.peers.sendEvent('transfer.create', bed.transferOf(old));
    expect(fulfills(parseCondition(condition), parseFulfillment(await bed.fulfilmentOf(id)))).toBe(true);
  });

  it('tells the DFSP the end of a transfer to its customer, and not of one that others may execute', async () => {
    const [passing, own] = [await bed.newSetup(), await bed.newSetup()];
    const memo = { ilp: packetTo('levelone.dfsp1.alice') };
    const rejected = (setup: IprReplyDto, account: string) =>
      bed.transferOf(setup, {
        credits: [{ account: `${bed.peers.url}/ledger/accounts/${account}`, amount: '10.40', memo }],
        state: 'rejected',
      });
    bed.peers.sendEvent('transfer.update', rejected(passing, 'yb'));
    bed.peers.sendEvent('transfer.update', rejected(own, 'bob'));
    await eventually(() => expect(bed.told()).toEqual(['rejected']));
    expect(bed.peers.callsTo(/\/payments\//)[0]!.body.paymentid).toBe(own.id);
    const payments = bed.server.app.get(IssuedPaymentsRepository, { strict: false });
    expect(await payments.findPayment(passing.id)).toMatchObject({ outcome: null });
  });

  it('F1: asks the ledger once for an account, not for each transfer', async () => {
    const many = Array.from({ length: 20 }, () => foreign('yb', { ilp: 'AQ' }).transfer);
    for (const transfer of many) bed.peers.sendEvent('transfer.create', transfer);
    const after = await bed.newSetup();
    bed.peers.sendEvent('transfer.create', bed.transferOf(after));
    await bed.fulfilmentOf(after.id);
    expect(bed.peers.callsTo(/^GET \/ledger\/accounts\/yb$/).length).toBeLessThanOrEqual(1);
  });
});
